-- What was made at home in the months before the end of each window of the early warning.
{{ domestic_output(ref('int_surge__months')) }}
