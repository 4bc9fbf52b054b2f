{{ config(materialized='whole_table') }}

-- The law on the run's days: everything joins this table by parameter and day.
{{ rules_in_force(ref('int_calendar__days')) }}
