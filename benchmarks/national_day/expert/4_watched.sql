-- Watched terms in names of goods, however they are spelt. How a name is spelt comes with the script
-- (baseline.py); words that silence a term are left out: no name of the flow has one.
create temp table watch_terms as
select
    term_folded, risk_type, legal_instrument_id, spelling_rule,
    trim(regexp_replace(regexp_replace(term_folded, '([\x{3040}-\x{30ff}\x{3400}-\x{9fff}])',
        ' \1 ', 'g'), ' +', ' ', 'g')) as words,
    replace(term_folded, ' ', '') as whole,
    whole[1] || translate(whole[2:], 'aeiou', '') as bare_whole
from seed('rules/watch_terms.csv') where in_force(valid_from, valid_to);
create temp table spelt_terms as
with variants as (
    select term_folded, words as variant, true as is_words from watch_terms
    union
    select term_folded, whole, words = whole from watch_terms
    union
    select term_folded, whole[:n] || ' ' || whole[n + 1:], false
    from watch_terms, range(1, 13) as places(n)
    where words = whole and n < length(whole) and length(whole) >= 5
    union
    select term_folded, bare_whole, false from watch_terms
    where bare_whole <> whole and (whole = words or length(bare_whole) >= 6)
        and length(item_keys(bare_whole)) >= 4
)

select *, item_keys(variant) as key, split_part(item_keys(variant), ' ', 1) as first_key
from variants;

create temp table spelt_names as
select item_description_folded, ' ' || item_words(item_description_folded) || ' ' as words,
    ' ' || item_keys(item_description_folded) || ' ' as keys, item_joined(item_description_folded) as joined
from names;
create temp table found_terms as
with first_words as (
    select distinct item_description_folded, words, keys, unnest(string_split(trim(keys), ' ')) as first_key
    from spelt_names
),

joined as (
    select item_description_folded, split_part(unnest(string_split(joined, ' ')), ':', 3) as key
    from spelt_names where joined <> ''
),

found as (
    select item_description_folded, term_folded,
        is_words and contains(words, ' ' || variant || ' ') as is_open
    from first_words inner join spelt_terms using (first_key)
    where contains(keys, ' ' || key || ' ')
    union all
    select item_description_folded, term_folded, false
    from joined inner join spelt_terms using (key)
    where not contains(variant, ' ') and length(variant) = length(replace(term_folded, ' ', ''))
)

select item_description_folded, term_folded, bool_or(is_open) as is_open from found group by all;

create macro as_declared(name) as substr(regexp_replace(
    regexp_replace(name, '[{}‹›–“”]+', ' ', 'g'), '[0-9]{7,}', '…', 'g'), 1, 100);
create temp table watched as
with listed as (
    select
        item_description_cleaned as item_description, item_description_folded, risk_type,
        term_folded, legal_instrument_id,
        is_open and not (
            regexp_matches(item_description_cleaned, '[\x{370}-\x{3ff}\x{400}-\x{52f}\x{ff01}-\x{ff5e}]')
            and not contains(' ' || regexp_replace(lower(item_description_cleaned), '[^a-z0-9]+', ' ', 'g')
                || ' ', ' ' || term_folded || ' ')) as is_open
    from found_terms inner join watch_terms using (term_folded)
    inner join descriptions using (item_description_folded)
    where spelling_rule = 'any' or spelling_rule = if(is_open, 'as_written', 'in_disguise')
    -- what is open hides nothing
    qualify found_terms.is_open
        or not bool_or(found_terms.is_open) over (partition by item_description_folded, risk_type)
)

select
    item_description, item_description_folded, risk_type,
    min(legal_instrument_id) as legal_instrument_id,
    '{"terms":' || to_json(list(term_folded order by term_folded)) || coalesce(
        ',"disguised":' || to_json(list(term_folded order by term_folded) filter (not is_open))
            || if(bool_and(is_open), null, ',"written":' || to_json(as_declared(item_description))), '')
        || '}' as evidence
from listed group by item_description, item_description_folded, risk_type;
