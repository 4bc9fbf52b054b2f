-- One spelling per value. Macros, because three files need the same cleaning.
create macro latin(v) as translate(v,
    'АВЕКМНОРСТУХЅІЈԚԜҮаеорсухѕіјԛԝһԁӏгүвΑΒΕΖΗΙΚΜΝΟΡΤΥΧαγεηικνορστυχıɑɡ' ||
    '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
    'ABEKMHOPCTYXSIJQWYaeopcyxsijqwhdlrybABEZHIKMNOPTYXayenikvopotuxiag' ||
    '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~');
create macro fold(v) as nullif(trim(
    regexp_replace(replace(strip_accents(lower(latin(v))), 'đ', 'd'), ' +', ' ', 'g')), '');
create macro digits(v) as regexp_replace(v, '[^0-9]', '', 'g');
create macro vn_number(d) as
    regexp_extract(d, '^(?:0|(?:00)?840?)([35789][0-9]{8}|2[0-9]{9})$', 1);
create macro phone(v) as case
    when vn_number(digits(v)) <> '' then '+84' || vn_number(digits(v))
    when regexp_matches(v, '^[\s(]*(\+|00)')
        and regexp_matches(digits(v), '^(00)?([1-7]|8[0-35-9]|9)[0-9]{7,14}$')
        then '+' || regexp_replace(digits(v), '^00', '')
    else nullif(digits(v), '')
end;
create macro phone_status(v, p) as case
    when v is null or trim(v) = '' then 'missing' when p like '+%' then 'valid' else 'invalid'
end;
create macro identifier(v) as nullif(upper(regexp_replace(v, '[\s./-]', '', 'g')), '');
create macro digit_at(v, place) as ascii(substr(v, place, 1)) - 48;
create macro identifier_status(v) as case
    when v is null then 'missing'
    when regexp_full_match(v, '0(0[1-9]|[1-8][0-9]|9[0-6])[0-3][0-9]{8}') then 'personal_id'
    when regexp_full_match(v, '[0-9]{10}([0-9]{3})?') and substr(v, 3, 7) <> '0000000'
        and substr(v, 11, 3) <> '000'
        and 10 - (31 * digit_at(v, 1) + 29 * digit_at(v, 2) + 23 * digit_at(v, 3)
            + 19 * digit_at(v, 4) + 17 * digit_at(v, 5) + 13 * digit_at(v, 6)
            + 7 * digit_at(v, 7) + 5 * digit_at(v, 8) + 3 * digit_at(v, 9)) % 11
        = digit_at(v, 10) then 'tax_code'
    else 'unrecognised'
end;
create macro first_part(v) as trim(regexp_extract(v, '^[\s,;]*([^,;]*)', 1));
create macro address_status(v) as case
    when v is null then 'missing'
    when regexp_matches(v, '[\pL\pN][^,;]*[,;][^\pL\pN]*[\pL\pN]')
        and regexp_matches(
            first_part(v),
            '[0-9]|\b(so|ngo|ngach|hem|kiot|lo|thon|ap|xom|to|toa|can|khu pho|chung cu|duong)\b')
        and not regexp_matches(
            first_part(v), '^(phuong|xa|thi tran|quan|huyen|thi xa|tinh|thanh pho|tp|p|q|h)\b')
        then 'complete'
    else 'incomplete'
end;

-- The rules of the day, from the project's seeds.
create table rules as
select parameter_id, value as text, try_cast(value as decimal(28, 6)) as value
from read_csv(
    [getvariable('seeds') || '/rules/rule_parameters.csv',
        getvariable('seeds') || '/rules/risk_parameters.csv'],
    header = true, all_varchar = true, union_by_name = true)
where getvariable('day') >= cast(valid_from as date)
    and getvariable('day') <= coalesce(cast(valid_to as date), date '9999-12-31');
create macro rule(name) as (select value from rules where parameter_id = name);
create macro rule_text(name) as (select text from rules where parameter_id = name);
