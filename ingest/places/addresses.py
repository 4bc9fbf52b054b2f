"""Takes Vietnamese addresses apart: house, alley, street, place, ward, old district, province.

Everything is SQL over folded text (normalise.fold), so spellings with and without accents give the
same parts by construction. Defines the parsing query, the address key made from it, and what of an
address may stay in clear. Add here a spelling that senders use, with a line in the golden set.
Keep out: place names (gazetteer/), foreign addresses (their text stays whole, as a place) and
judgements such as completeness (completeness.py).

How: separators are unified, abbreviations spelled out, a comma is put before every unit word, and
each part between commas is read by its first word, or by a trailing English one. What no word
marks is looked up in the gazetteer, from the end: province, district, ward; what is left in front
is the street.
"""

from functools import cache

import duckdb

from ingest.places import gazetteer

# Parts of a parsed address, in the order of the key. place: hamlet, block, building and whatever
# else is stated; several of them are joined by blanks.
PARTS = ("house", "alley", "street", "place", "ward", "district", "province_code")

_NUMBER = r"\d{1,2}"
# A house number: 12, 12a, 12/3/4b, k35/12, 12-14, 12 bis.
_HOUSE = r"k?\d+[a-z]{0,2}(?:[/-][a-z]?\d+[a-z]{0,2})*(?: bis\b)?"
_ALLEY = r"(?:ngo|ngach|hem|kiet) \d+[a-z]{0,2}(?:[/-]\d+[a-z]{0,2})*"
# Units of two syllables are written as one word while a text is taken apart.
_UNIT = "thixa|thitran|thanhpho|dackhu|phuong|xa|quan|huyen|tinh"
# Words that begin a part which is neither street nor unit: hamlets, groups, estates, buildings.
_PLACE = (
    r"(?:thon|ap|xom|ban|buon|khu|khu pho|cum|cho|kcn|kdc|kdt|ktx|cc|chung cu|tap the|can ho|toa"
    r"|toa nha|tang|phong|block|room|unit|building|apartment|floor|hamlet|cang|kho|gan|canh) .*"
    r"|(?:to|to dan pho|tdp|doi|khom|lo|lot|o|p|nha|day|lien ke|bt) ?(?:so )?[a-z]{0,2}\d.*"
    r"|(?:lo|day) [a-z]\b.*|[a-z]\d+ khu .*|p\d{3,}.*"
    r"|.* (?:floor|building|apartment|tower|park|kdt .*|kcn .*|kdc .*)"
)
# Streets whose own name begins like the word for street: Dương Quảng Hàm, Phó Đức Chính ...
_OWN_NAME = r"duong (?:quang ham|dinh nghe|ba trac|tu minh|khue|tu giang)|pho (?:duc chinh|co dieu)"


@cache
def _steps() -> tuple[tuple[str, str], ...]:
    """(pattern, replacement) in order, over a folded text with a blank at both ends."""
    names = "|".join(sorted(gazetteer.provinces().column("name").to_pylist(), key=len)[::-1])
    # "12 Nguyen Hue" is a street: Hue ends a longer part only after a ward or district.
    frequent = names.replace("|hue", "")
    word = r"([ ,])"
    # Names such as Dan Phuong end in a unit word: kept together where a unit word goes before.
    ends = gazetteer.names_ending_in(("phuong", "xa", "quan", "tinh"))
    glued = tuple(
        (rf"\b({_UNIT}) ({'|'.join(first)}) {last}\b", rf"\1 \2_{last}")
        for last, first in ends.items()
    )
    return (
        # Separators. Slashes between digits stay: they belong to house numbers.
        (r"[;|\\(){}\[\]\t\n]", ","),
        (r"[\"“”#*:_]", " "),
        (r"[–—]", "-"),
        (r"(\d) ?/ ?(\d)", r"\1/\2"),
        (r" ?/ |([a-z]{2}) ?/ ?([a-z]{2})", r"\1,\2"),
        (r"\b(?:tt|t\.t\.?|thua thien)[ .-]*hue\b", "thua thien hue"),
        # Abbreviations. "12 P. Nguyen Trai": directly after the house number P. is a street.
        (rf"^((?: so(?: nha)?| sn| no\.?)? {_HOUSE}) p(?:\. ?| )([a-z])", r"\1 pho \2"),
        (r"\b(?:t ?\.? ?p ?\.? ?|thanh pho )?hcmc?\b", "thanhpho ho chi minh"),
        (r"\bt\.? ?p ?\. ?|\btp |\bthanh pho ", "thanhpho "),
        (r"\bt\.? ?x ?\. ?|\btx |\bthi xa ", "thixa "),
        (r"\bt\.t\.? ?|\btt ?\. ?|\btt |\bthi tran ", "thitran "),
        (r"\bdac khu ", "dackhu "),
        (rf"\bq ?\. ?|\bq ?({_NUMBER})\b|\bq ", r"quan \1"),
        (rf"\b(?:phg|p|f) ?\. ?|\b[pf] ?({_NUMBER})\b|\bp ", r"phuong \1"),
        (word + r"h(?:\. ?| )", r"\1huyen "),
        (word + r"x(?:\. ?| )", r"\1xa "),
        (word + r"d(?:\. ?| )", r"\1duong "),
        (r",( ?)t(?:\. ?| )", ",tinh "),
        (rf" t(?:\. ?| )({names})\b", r" tinh \1"),
        (r"\b(?:road|street) no\.? ?(\d)", r"duong so \1"),
        (word + r"(?:so nha|nha so|sn|no|so)\b[ .]*(\d|k\d)", r"\1so \2"),
        (r"\bkp ?\.? ?(\d)", r"khu pho \1"),
        (r"\bql ?\.? ?(\d)", r"quoclo \1"),
        (r"\b(quoc|tinh) lo\b", r"\1lo"),
        (r"\b(?:alley|lane) (\d)", r"ngo \1"),
        (r"\bdist\b\.?", "district"),
        (r"\b(?:street|str|st|road|rd|boulevard|blvd|avenue|ave)\b\.?( ?,| ?$)", r"street\1"),
        (r"\.", " "),
        # Hyphens: names first, then every hyphen that does not stand between digits.
        (r"\b(ba ria|br|phan rang) ?- ?(vung|vt|thap)", r"\1 \2"),
        (r" - |-([a-z]{2})", r",\1"),
        (r"([a-z])- ?| -([a-z])", r"\1,\2"),
        (r" +", " "),
        # A comma before each unit word; not where it can only be part of a name (no name so far).
        (r"\b(lac long|dai lo) quan\b", r"\1_quan"),
        *glued,
        (rf"([^,]) (phuong|quan|ward|district) 0*({_NUMBER})\b ?", r"\1,\2 \3,"),
        (rf"([^,]) ({_UNIT}) ([a-z])", r"\1,\2 \3"),
        (
            rf"(^|,)( ?(?:so )?(?:{_HOUSE})? ?(?:duong pho|duong|pho|ngo)?),(xa|quan|huyen|tinh"
            r"|phuong) ([a-z])",
            r"\1\2 \3 \4",
        ),
        # House, alley and street may follow each other without a comma: "... ngo 5 khu pho 3".
        (r"([^,]) (khu pho|to|to dan pho|ap|thon|xom) (\d)", r"\1,\2 \3"),
        # A postal code and the country at the end; a province name at the end of a longer part.
        (r"[ ,]*(?:viet ?nam|vn)?[ ,]*(?:\d{5,6})?[ ,]*(?:viet ?nam|vn)?[ ,]*$", ""),
        (rf"([^,]) ({frequent})(?: city| province)?$", r"\1,\2"),
        (rf"((?:^|,) ?(?:{_UNIT}) [^,]+) (hue)$", r"\1,\2"),
        (rf"((?:^|,) ?(?:{_UNIT}|duong|pho|(?:so )?{_HOUSE})),({names})$", r"\1 \2"),
        (r"_", " "),
    )


def _replaced(text: str, steps: tuple[tuple[str, str], ...]) -> str:
    for pattern, replacement in steps:
        quoted = [part.replace("'", "''") for part in (pattern, replacement)]
        text = f"regexp_replace({text}, '{quoted[0]}', '{quoted[1]}', 'g')"
    return text


def parsing_query(relation: str, text: str) -> str:
    """SQL: one row per row of `relation`, in its order: n (from 1), PARTS, old_province_code.

    text: SQL of a folded text over `relation`. Needs gazetteer.load on the connection. Parts that
    are not stated are null; a null text gives nulls. province_code: among the 34;
    old_province_code: among the 63, null when the text fits several of them. is_known_ward,
    is_known_district: the gazetteer has that name (or it is a number), so it may be shown.
    """
    return f"""
with numbered as (select row_number() over () as n, {text} as folded from {relation}),
segments as (
    select n, generate_subscripts(parts, 1) as place, trim(unnest(parts)) as segment
    from (select n, string_split({_replaced("' ' || folded || ' '", _steps())}, ',') as parts
          from numbered where folded is not null)
),
{_READ},
{_PLACED}
select numbered.n, house, alley, street, other as place, ward, district, province_code,
    old_province_code,
    ward is not null and (regexp_full_match(ward, '{_NUMBER}')
        or ward in (select name from place_ward)) as is_known_ward,
    district is not null and district in (select name from place_district) as is_known_district
from numbered left join placed on numbered.n = placed.n
order by numbered.n
"""


# What each distinct segment says on its own. kind: line (house, alley or a marked street), plain
# (no word marks it) or the unit that it names.
_READ = rf"""
kinds as (
    select segment, case
        when regexp_full_match(segment, '{_PLACE}') then 'place'
        when regexp_matches(segment, '^(?:phuong|quan|xa) ')
            and segment in (select name from place_ward)
            and not regexp_replace(segment, '^[a-z]+ ', '') in (select name from place_ward)
            then 'plain'
        when regexp_matches(segment, '^tinh [a-z]| province$') then 'province'
        when regexp_matches(segment, '^thanhpho [a-z]| city$') then 'city'
        when regexp_matches(segment,
            '^(?:quan|huyen|thixa|district) [a-z0-9]| (?:district|town)$') then 'district'
        when regexp_matches(segment,
            '^(?:phuong|xa|thitran|dackhu|ward|commune) [a-z0-9]| (?:ward|commune)$') then 'ward'
        when regexp_matches(segment, '^(?:so )?k?\d|^(?:duong|pho|dai lo|ngo|ngach|hem|kiet) '
            || '|^(?:quoclo|tinhlo) | street$') then 'line'
        else 'plain'
    end as kind
    from (select distinct segment from segments where segment <> '')
),
houses as (
    select segment, kind,
        nullif(regexp_extract(segment, '^(?:so )?({_HOUSE})(?: |$)', 1), '') as house,
        ltrim(regexp_replace(segment, '^(?:so )?{_HOUSE}(?: |$)', '')) as after_house
    from kinds
),
alleys as (
    select *, nullif(trim(regexp_extract(after_house, '^(?:{_ALLEY} ?)+')), '') as alley
    from houses
),
rests as (
    select *, case when kind = 'line' then
        regexp_replace(ltrim(substr(after_house, 1 + coalesce(length(alley), 0))),
            '^(?:duong pho|dai lo|duong|pho) ', '') end as bare,
        ltrim(substr(after_house, 1 + coalesce(length(alley), 0))) as whole
    from alleys
),
read_segments as (
    select segment, kind, house, alley,
        case when kind = 'plain' then segment else ltrim(regexp_replace(segment,
            '^(?:tinh|thanhpho|quan|huyen|thixa|district|phuong|xa|thitran|dackhu|ward|commune) '
            || '| (?:province|city|district|town|ward|commune)$', ''), '0') end as name,
        case when kind = 'line' and not regexp_full_match(bare, '{_PLACE}') then nullif(
            regexp_replace(regexp_replace(
                case when regexp_matches(whole, '^(?:{_OWN_NAME})') then whole else bare end,
                ' ?street$', ''), '^(quoc|tinh)lo ', '\1 lo '), '') end as street,
        case when kind = 'line' and regexp_full_match(bare, '{_PLACE}') then bare end as inner_place
    from rests
)"""

# Which segment of an address is its province, district and ward; the rest in front is the street.
_PLACED = """
joined as (
    select segments.n, segments.place, read_segments.*,
        known.province_code, known.old_province_code, known.unambiguous
    from segments join read_segments using (segment)
    left join place_province as known
        on read_segments.name = known.name
        and read_segments.kind in ('province', 'city', 'plain')
),
with_province as (
    select n, max(place) filter (province_code is not null and (place > 1 or kind <> 'plain'
            or segment_count = 1)) as province_place, max(place) as last_place
    from (select *, count(*) over (partition by n) as segment_count from joined)
    group by n
),
provinced as (
    select joined.*, province_place, joined.place = last_place as is_last,
        stated.province_code as stated_code,
        stated.old_province_code as stated_old_code, stated.unambiguous as stated_unambiguous
    from joined join with_province using (n)
    left join (select n, place, province_code, old_province_code, unambiguous from joined) as stated
        on with_province.n = stated.n and with_province.province_place = stated.place
),
districted as (
    select provinced.*,
        fitting.old_province_code as district_old_code, fitting.province_code as district_code,
        case
            when kind = 'district' then place
            when kind = 'city' and place is distinct from province_place then place
            when kind = 'city' and fitting.name is not null then place
            when kind = 'plain' and fitting.name is not null
                and (place < province_place or province_place is null) then place
        end as district_candidate
    from provinced
    left join (
        select *, count(*) over (partition by name) = 1 as is_only_name from place_district
    ) as fitting
        on provinced.name = fitting.name
        and provinced.kind in ('district', 'city', 'plain')
        and (provinced.kind <> 'city' or provinced.place is distinct from province_place
            or (fitting.unit = 'thanh pho' and fitting.old_province_code = stated_old_code))
        and case
            when stated_code is null then fitting.is_only_one
                and (starts_with(provinced.segment, replace(fitting.unit, ' ', ''))
                    or (kind = 'plain' and is_last and place > 1 and is_only_name))
            when stated_unambiguous then fitting.old_province_code = stated_old_code
            else fitting.province_code = stated_code
        end
),
chosen as (
    select n, any_value(province_place) as province_place, max(district_candidate) as district_place
    from districted group by n
),
warded as (
    select districted.*, chosen.district_place,
        case
            when kind = 'ward' then place + 1000
            when kind = 'plain' and place > 1 and province_code is null
                and place < coalesce(chosen.district_place, chosen.province_place)
                and name in (select name from place_ward) then place
        end as ward_candidate
    from districted join chosen using (n)
),
ward_chosen as (select n, max(ward_candidate) % 1000 as ward_place from warded group by n),
marked as (
    select warded.*, ward_place,
        place is not distinct from province_place and place is distinct from district_place
            as is_province,
        place is not distinct from district_place as is_district,
        place is not distinct from ward_place as is_ward
    from warded join ward_chosen using (n)
),
fronted as (
    select *, min(place) filter (kind = 'plain' and not is_province and not is_district
        and not is_ward) over (partition by n) as first_plain,
        min(place) filter (street is not null and kind = 'line') over (partition by n)
            as first_street
    from marked
),
placed as (
    select n,
        min_by(house, place) filter (house is not null and kind = 'line') as house,
        string_agg(alley, ' ' order by place) as alley,
        coalesce(min_by(street, place) filter (place = first_street),
            min_by(segment, place) filter (place = first_plain)) as street,
        nullif(string_agg(case
            when is_province or is_district or is_ward then null
            when kind = 'line' then nullif(concat_ws(' ', inner_place,
                case when place <> first_street then street end), '')
            when kind = 'plain' and first_street is null and place = first_plain then null
            else segment
        end, ' ' order by place), '') as other,
        min_by(name, place) filter (is_ward) as ward,
        min_by(name, place) filter (is_district) as district,
        coalesce(any_value(stated_code), min_by(district_code, place) filter (is_district))
            as province_code,
        case
            when any_value(stated_unambiguous) then any_value(stated_old_code)
            when bool_or(is_district and district_old_code = stated_old_code)
                then any_value(stated_old_code)
            when count(distinct district_old_code) filter (is_district) = 1
                then any_value(district_old_code) filter (is_district)
            else any_value(stated_old_code) filter (is_district)
        end as old_province_code
    from fronted group by n
)"""


def address_key(relation: str, text: str) -> str:
    """SQL: n and `address_key`, one text per address however it is spelled; null for a null text.

    The parts in a fixed order between bars; what the parser does not recognise stays in the key as
    a place, so that two addresses never share a key unless all their words agree.
    """
    parts = ", ".join(f"coalesce({part}, '')" for part in PARTS)
    return (
        f"select n, case when coalesce({', '.join(PARTS)}) is not null "
        f"then concat_ws('|', {parts}) end as address_key from ({parsing_query(relation, text)}) "
        "order by n"
    )


def connection() -> duckdb.DuckDBPyConnection:
    """A connection with the gazetteer loaded."""
    opened = duckdb.connect()
    gazetteer.load(opened)
    return opened
