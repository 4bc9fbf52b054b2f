{#- An amount of money times a rate or a percentage, in decimals, rounded to two of them (half away
    from zero); null when more than `whole_digits` digits stand before the point. Never an error.

    amount: decimal(18, 2). factor: a column with `factor_scale` decimals, at most 18 digits in all.
    is_percent: the factor counts hundredths.

    DuckDB multiplies decimals of up to 18 digits in 64 bits and ends the query where the product
    needs more. Wider decimals never overflow, but cost: of 4,000,000 rows on one core, nanoseconds a
    row: plain 4, all wide 1,600 (nearly all of it for narrowing the result), this 17; with one large
    product in a thousand 20. So only products that may need it are made wide. A product of doubles
    tells which: it errs by less than the hundredth that the bound keeps clear of the limit.
    Spark gives a product as many digits as it needs (at most 38), always.

    The result of one product has at most 15 digits before the point in a type that holds 16: two of
    them, and an amount of the contract (14), can be added without another thought. Sums over rows go
    to decimal(38, 2) (docs/adr/0026). -#}
{% macro exact_product(amount, factor, factor_scale, whole_digits, is_percent=false) -%}
    {{ return(adapter.dispatch('exact_product')(
        amount, factor, factor_scale, whole_digits, is_percent
    )) }}
{%- endmacro %}

{% macro default__exact_product(amount, factor, factor_scale, whole_digits, is_percent) -%}
    {%- set fits = 'decimal(' ~ (whole_digits + 2) ~ ', 2)' -%}
    {%- set hundredths = ' * cast(0.01 as decimal(3, 2))' if is_percent else '' -%}
    cast(
        case
            when
                abs(cast({{ amount }} as double) * cast({{ factor }} as double))
                >= {{ 0.99 * 10 ** (16 - factor_scale) }}
                then
                    try_cast(
                        cast({{ amount }} as decimal(19, 2)) * {{ factor }}{{ hundredths }}
                        as {{ fits }}
                    )
            else cast(({{ amount }}) * {{ factor }}{{ hundredths }} as {{ fits }})
        end as decimal(18, 2)
    )
{%- endmacro %}

{% macro spark__exact_product(amount, factor, factor_scale, whole_digits, is_percent) -%}
    {%- set hundredths = ' * cast(0.01 as decimal(3, 2))' if is_percent else '' -%}
    cast(
        try_cast(
            cast({{ amount }} as decimal(19, 2)) * {{ factor }}{{ hundredths }}
            as decimal({{ whole_digits + 2 }}, 2)
        ) as decimal(18, 2)
    )
{%- endmacro %}
