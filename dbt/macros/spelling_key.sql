{#- How watched terms and what silences them are written to be found among the words of goods names.
    The same as ingest/items/spelling.py says of a name; a test compares the two. -#}

{#- A phrase as blank-separated words: a Chinese or Japanese character is a word, and so is a sign at
    which what names a good ends, and the number of a model. -#}
{% macro spelled_words(phrase) -%}
    trim({{ rx_replace(rx_apart(rx_number_apart(phrase), '[' ~ one_character_words() ~ ']'), ' +', ' ') }})
{%- endmacro %}

{#- Kana and unified Han, as the ends of ranges in a character class. -#}
{% macro one_character_words() -%} ぀-ヿ㐀-鿿豈-﫿 {%- endmacro %}

{#- The key of one word: one letter for each class of look-alikes, none twice in a row. A word of
    less than four characters, or of less than two letters, or with more digits than letters, is its
    own key. -#}
{% macro spelling_key(word) -%}
    {%- set one_of_a_class = 'translate(replace(replace(' ~ word ~ ", 'rn', 'm'), 'vv', 'w'), "
        ~ "'lv0123456789', 'iuoizeasgtbg')" -%}
    {%- set letters = 'length(translate(' ~ word ~ ", '0123456789', ''))" -%}
    case
        when length({{ word }}) >= 4 and {{ letters }} >= 2
            and {{ letters }} >= length({{ word }}) - {{ letters }} then {{ letters_once(one_of_a_class) }}
        else {{ word }}
    end
{%- endmacro %}

{#- The word of a text at a place counted from 0. -#}
{% macro word_at(words, place) -%} split_part({{ words }}, ' ', cast({{ place }} + 1 as integer)) {%- endmacro %}

{#- A word of five characters or more is looked for in two pieces, too: `sam sung`. Shorter ones are
    not: `va pe` and `pu ma` are words of Vietnamese. The first piece has 1 to 12 characters. -#}
{% macro first_piece_lengths() -%}
    {%- for length in [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] -%}
    select {{ length }} as piece_length{{ ' union all ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{% macro is_long_enough_to_split(word) -%} length({{ word }}) >= 5 {%- endmacro %}

{#- A word without its vowels: `smsng`, `cnvrs`. The first letter stays. A phrase needs more consonants
    than a word; where less than four letters are left once none stands twice, it is too short. -#}
{% macro without_vowels(word) -%}
    substr({{ word }}, 1, 1) || translate(substr({{ word }}, 2), 'aeiou', '')
{%- endmacro %}

{% macro is_known_without_vowels(word, phrase) -%}
    ({{ word }} = {{ phrase }} or length({{ without_vowels(word) }}) >= 6)
    and {{ without_vowels(word) }} <> {{ word }}
{%- endmacro %}

{% macro is_keyed(key) -%} length({{ key }}) >= 4 {%- endmacro %}
