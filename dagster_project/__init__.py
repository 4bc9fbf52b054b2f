"""What Dagster loads: assets, checks, jobs, schedules, sensors, and the runner that starts a job.

Add here an asset, a check, a job, a schedule. Keep out: what a step does (runs), the command line
(cli). The only package that imports dagster.
"""
