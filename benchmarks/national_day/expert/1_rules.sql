-- The rules of the day and the small tables, from the project's seeds; the spellings of one value.
set variable rules = (
    select map(list(parameter_id), list(value))
    from read_csv(
        [getvariable('seeds') || '/rules/rule_parameters.csv',
            getvariable('seeds') || '/rules/risk_parameters.csv'],
        header = true, all_varchar = true, union_by_name = true)
    where getvariable('day') >= cast(valid_from as date)
        and getvariable('day') <= coalesce(cast(valid_to as date), date '9999-12-31')
);
create macro rule(name) as getvariable('rules')[name];
create macro rule_vnd(name) as cast(rule(name) as decimal(18, 2));
create macro rule_number(name) as cast(cast(rule(name) as decimal(28, 6)) as bigint);
create macro seed(name) as table
select * from read_csv(getvariable('seeds') || '/' || name, all_varchar = true);
create macro in_force(valid_from, valid_to) as
    getvariable('day') >= coalesce(cast(valid_from as date), date '0001-01-01')
    and getvariable('day') <= coalesce(cast(valid_to as date), date '9999-12-31');

-- Match keys. Without accents nearly every text is printable ASCII, single blanks inside, and that
-- is its key; only what is not goes through the look-alikes of other scripts, letter by letter.
create macro plain(v) as replace(strip_accents(lower(v)), 'đ', 'd');
create macro is_ordinary(p) as
    regexp_full_match(p, '[!-~]([ -~]*[!-~])?') and not contains(p, '  ');
create macro latin(v) as translate(v,
    'АВЕКМНОРСТУХЅІЈԚԜҮаеорсухѕіјԛԝһԁӏгүвΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγεηικνορστυχıɑɡ' ||
    '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
    'ABEKMHOPCTYXSIJQWYaeopcyxsijqwhdlrybABEZHIKMNOPTYXayenikvopotuxiag' ||
    '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~');
create macro blanks_unified(v) as regexp_replace(v,
    '\x{d}\x{a}|[\x{9}-\x{d}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}' ||
    '\x{205f}\x{3000}]', ' ', 'g');
create macro visible(v) as regexp_replace(v,
    '[\x{0}-\x{8}\x{e}-\x{1f}\x{7f}-\x{84}\x{86}-\x{9f}\x{ad}\x{34f}\x{61c}\x{180e}' ||
    '\x{200b}-\x{200f}\x{202a}-\x{202e}\x{2060}-\x{206f}\x{feff}\x{fff9}-\x{fffb}]', '', 'g');
create macro cleaned(v) as nullif(trim(nfc_normalize(blanks_unified(visible(v)))), '');
create macro fold_any(v) as case when regexp_matches(cleaned(v), '[^\pM\s]')
    then trim(regexp_replace(plain(latin(cleaned(v))), ' +', ' ', 'g')) end;
-- p: plain(v), computed once below.
create macro fold(v, p) as case when is_ordinary(p) then p else fold_any(v) end;

-- A name without punctuation and titles, the family first; most begin with one.
create macro is_in_order(v) as regexp_matches(v,
    '^(?:nguyen|tran|pham|huynh|phan|bui|le|hoang|vu|vo|dang|do|ho|ngo|duong|ly|lam|dinh|nghiem|' ||
    'dao|vuong|trinh|phung|trieu|doan|ha|truong|ton|luu|mai|la|ta|luong|kim|thach|cao|chau|dam|' ||
    'diep|hua|kieu|khuc|khuong|lai|luc|mac|nong|quach|tang|thai|to|tong|vi)(?: |$)');
create macro common_families() as
    '(nguyen|tran|pham|huynh|phan|bui|le|hoang|vu|vo|dang|do|ho|ngo|duong|ly)';
create macro untitled(v) as case
    when regexp_full_match(v, '\S+ ' || common_families() || ' (?:van|thi)') then v
    else regexp_replace(v,
        '^(?:ong|ba|anh|chi|co|chu|bac|em) (' || common_families() || ' .+)$', '\1')
end;
create macro turned(v, pattern, ordered) as
    case when is_in_order(v) then v else regexp_replace(v, pattern, ordered) end;
create macro family_first(v) as turned(turned(turned(turned(
    untitled(regexp_replace(v, '^(?:mr|mrs|ms|miss|dr) (.+)$', '\1')),
    '^(\S+) ' || common_families() || ' (van|thi)$', '\2 \3 \1'),
    '^(\S+) (van|thi) ' || common_families() || '$', '\3 \2 \1'),
    '^(\S+) ((?:nguyen|tran|pham|huynh|phan|bui)(?: \S+){1,3})$', '\2 \1'),
    '^(\S+(?: \S+){0,3}) (nguyen|tran|pham|huynh|phan|bui)$', '\2 \1');
create macro bare_name(v) as
    trim(regexp_replace(v, '[\s.,;:_''’`"“”()\[\]/|*–—-]+', ' ', 'g'));
create macro name_form(v) as case
    when is_in_order(v) and regexp_full_match(v, '[a-z ]+') then v
    when bare_name(v) = '' or is_in_order(bare_name(v)) then coalesce(nullif(bare_name(v), ''), v)
    else family_first(bare_name(v))
end;

create macro digits(v) as regexp_replace(v, '[^0-9]', '', 'g');
create macro vn_number(d) as
    regexp_extract(d, '^(?:0|(?:00)?840?)([35789][0-9]{8}|2[0-9]{9})$', 1);
create macro foreign_number(d) as regexp_extract(d, '^(?:00)?([1-9][0-9]{7,14})$', 1);
create macro phone(v) as case
    when strlen(v) = 10 and regexp_full_match(v, '0[35789][0-9]{8}') then '+84' || substr(v, 2)
    when regexp_full_match(v, '\+[1-9][0-9]{7,14}') and not starts_with(v, '+84') then v
    when vn_number(digits(v)) <> '' then '+84' || vn_number(digits(v))
    when regexp_matches(v, '^[\s(]*(\+|00)') and foreign_number(digits(v)) <> ''
        and not starts_with(foreign_number(digits(v)), '84') then '+' || foreign_number(digits(v))
    else nullif(digits(v), '')
end;
-- Numbers typed so that something stands there: the end is a run, or repeats a block of digits.
create macro is_run(v) as contains('01234567890123456789', v) or contains('98765432109876543210', v);
create macro repeats(v, n, block) as right(v, n - block) = substr(v, -n, n - block);
create macro phone_status(v, p) as case
    when v is null or trim(v) = '' then 'missing'
    when p[1] = '+' then
        case when is_run(right(p, 7)) or repeats(p, 7, 2) then 'placeholder' else 'valid' end
    else 'invalid'
end;
create macro identifier(v) as case
    when regexp_full_match(v, '[0-9]+') then v
    else nullif(upper(regexp_replace(cleaned(v), '[\s./-]', '', 'g')), '')
end;
create macro digit_at(v, place) as ascii(substr(v, place, 1)) - 48;
create macro identifier_status(v) as case
    when v is null then 'missing'
    when regexp_full_match(v, '0(0[1-9]|[1-8][0-9]|9[0-6])[0-3][0-9]{8}') then
        case when is_run(right(v, 6)) or repeats(v, 6, 1) or repeats(v, 12, 2)
            or repeats(v, 12, 3) or repeats(v, 12, 4) then 'placeholder' else 'personal_id' end
    when regexp_full_match(v, '[0-9]{10}([0-9]{3})?') and substr(v, 3, 7) <> '0000000'
        and substr(v, 11, 3) <> '000'
        and 10 - (31 * digit_at(v, 1) + 29 * digit_at(v, 2) + 23 * digit_at(v, 3)
            + 19 * digit_at(v, 4) + 17 * digit_at(v, 5) + 13 * digit_at(v, 6)
            + 7 * digit_at(v, 7) + 5 * digit_at(v, 8) + 3 * digit_at(v, 9)) % 11
        = digit_at(v, 10) then
        case when is_run(left(v, 10)) or repeats(left(v, 10), 10, 1) then 'placeholder'
            else 'tax_code' end
    when is_run(v) or (replace(digits(v), left(digits(v), 1), '') = ''
        and (digits(v) in ('', v) or length(digits(v)) >= 4)) then 'placeholder'
    else 'unrecognised'
end;
-- A house and what it stands in: mostly two parts between commas, else whatever separates them.
set variable province_at_the_end = (
    select '([a-z])[ .]+(?:' || string_agg(name, '|' order by strlen(name) desc, name)
        || ')(?:[, ]+(?:viet ?nam|vn))?[ ,.]*$'
    from (
        select distinct unnest([name, replace(name, ' ', '')]) as name
        from (
            select name from read_csv(
                getvariable('seeds') || '/../../ingest/places/gazetteer/provinces.csv',
                all_varchar = true, comment = '#')
            union
            select alias from read_csv(
                getvariable('seeds') || '/../../ingest/places/gazetteer/aliases.csv',
                all_varchar = true, comment = '#')
        )
    )
    where name <> 'hue'
);
create macro house_parts(v) as regexp_replace(regexp_replace(regexp_replace(regexp_replace(v,
    '[;|]| [-/] |-(?:p|q|x|h|t|tp|tx|tt)\. ?', ',', 'g'),
    getvariable('province_at_the_end'), '\1,@x'),
    '\b(?:(?:phuong|xa|thi tran|quan|huyen|thi xa|thanh pho|tinh|tp|tx|tt|[pfqxht])[. ] ?|' ||
    '[pfq]\d{1,2}\b)', ',@', 'g'),
    '(?:^|,) *@[^,]*', ',@x', 'g');
create macro address_status(v) as case
    when v is null then 'missing'
    when regexp_matches(v,
            '^[\s,;]*[^,;]*([0-9]|\b(so|ngo|ngach|hem|kiot|lo|thon|ap|xom|to|toa|can|khu pho|' ||
            'chung cu|duong)\b)[^,;]*[,;].*[\pL\pN]')
        and not regexp_matches(v,
            '^[\s,;]*((phuong|xa|thi tran|quan|huyen|thi xa|tinh|thanh pho|tp|p|q|h|can tho)\b|' ||
            '[pq]\d)')
        then 'complete'
    when regexp_matches(house_parts(v), '(?:^|[^0-9])[0-9]{1,4}(?:[^0-9,][^,]*)?,.*[a-z]' ||
            '|\b(?:thon|ap|xom)\b[^,]*,.*[a-z]' ||
            '|(?:^|,) *(?:ngo|ngach|hem|kiot|khu pho|chung cu|toa nha|to dan pho)' ||
            '\b[^,]*,.*[a-z]')
        then 'complete'
    else 'incomplete'
end;
-- An address without the words for its units, so that a spelling is no second address.
create macro words_apart(v) as
    '  ' || regexp_replace(v, ' +/ +|[\s,;.|(){}\[\]"''“”*#:_–—-]+', '  ', 'g') || '  ';
create macro units_glued(v) as regexp_replace(
    regexp_replace(v, ' (?:phuong|ward|p|f) *0*(\d{1,2}) ', ' p\1 ', 'g'),
    ' (?:quan|district|dist|q) *0*(\d{1,2}) ', ' q\1 ', 'g');
create macro units_left_out(v) as regexp_replace(v,
    ' (?:phuong|p|f|ward|xa|x|commune|thi  tran|tt|quan|q|district|dist|huyen|h|thi  xa|tx|town|' ||
    'thanh  pho|tp|city|tinh|t|province|dac  khu|duong|d|pho|street|str|st|road|rd|so  nha|so|sn|' ||
    'no|viet  nam|vietnam|vn) ', ' ', 'g');
create macro written_out(v) as replace(replace(replace(replace(replace(
    regexp_replace(regexp_replace(v, ' (?:tphcm|hcmc?|sai  ?gon|saigon) ', ' ho chi minh ', 'g'),
        ' (?:hn|hanoi) ', ' ha noi ', 'g'),
    ' danang ', ' da nang '), ' haiphong ', ' hai phong '), ' kp ', ' khu pho '),
    ' ql ', ' quoc lo '), '  ', ' ');
create macro bare_address(v) as
    trim(regexp_replace(written_out(units_left_out(units_glued(words_apart(v)))), ' +', ' ', 'g'));
create macro address_form(v) as coalesce(nullif(bare_address(v), ''), v);
-- The province at the end of an address: the name alone, or after its kind.
create macro province_name(v) as regexp_replace(
    replace(trim(regexp_extract(v, '([^,;]*)[,; ]*$', 1)), '-', ' '),
    '^(tinh|thanh pho|tp\.?) +', '');

-- Today's provinces by name.
set variable provinces = (
    select map(list(name), list(province_code))
    from (
        select name, any_value(province_code) as province_code
        from read_csv(
            getvariable('seeds') || '/../../ingest/places/gazetteer/provinces.csv',
            all_varchar = true, comment = '#')
        where in_force(valid_from, valid_to)
        group by name
    )
);

-- Money in 64 bits where the product fits, in 128 where it does not; null beyond what an amount of
-- the contract (14 digits before the point) or a thousand percent of it can be.
create macro times(amount, factor) as case
    when abs(cast(amount as double) * cast(factor as double)) < 9e9
        then cast(amount * factor as decimal(18, 2))
    else try_cast(cast(amount as decimal(38, 2)) * factor as decimal(16, 2))
end;
create macro percent(amount, percent) as case
    when abs(cast(amount as double) * cast(percent as double)) < 9e12
        then cast(amount * percent * 0.01 as decimal(18, 2))
    else try_cast(cast(amount as decimal(38, 2)) * percent * 0.01 as decimal(17, 2))
end;
