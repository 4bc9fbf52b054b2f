"""What a run is, without an orchestrator: days, steps, evidence, end. See README.md."""
