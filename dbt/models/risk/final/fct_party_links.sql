{{ config(materialized='day_window') }}
-- Dated: the first row of a pair is the day from which it is one party. A link that is found later
-- says nothing about days before.
{{ party_links(ref('int_parties__days')) }}
