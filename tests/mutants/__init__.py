"""Do the golden tests notice a rule that is wrong by one token?

`python -m tests.mutants` derives one-token mutations from the SQL of the models in `subjects.py`,
runs for each only the golden cases that read the model, and prints those that nobody noticed.

1. `recorder.py` runs every module of tests/golden once, with dbt as ever, and keeps for each call
   of dbt the statements that it sent for each model, and the warehouse that it left.
2. `derive.py` reads what dbt compiled of a model with an SQL tokenizer (no comment, no Jinja is
   left there to hit; a macro is mutated in every model that it is written into) and makes mutants.
3. `golden.py` runs the unit tests of the model and then the golden modules that build it, in this
   process: `replay.py` stands in for dbt, takes the recorded warehouse, and sends the recorded
   statements of the mutated model and of all that reads it again, with the mutated text. Everything
   else of a golden test runs as it stands. Without a mutation every golden test must pass so:
   otherwise the run stops, because a replay that differs from dbt proves nothing.
4. `reasons.py` compares the survivors with `equivalent.toml`, where each mutant that cannot be
   noticed has its reason. A survivor without a reason fails the run; so does a reason whose mutant
   is noticed after all, or no longer derived.

Add here a kind of mutation (derive.py) or a subject (subjects.py). Keep out: golden cases, which
stand in tests/golden. NOT claimed: that rules without such a mutation are tested, nor data tests.
"""
