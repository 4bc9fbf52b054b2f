"""One function in a process with limits, without network or files but its own.

Add here a limit. Keep out: what runs inside (conforming/, onboarding/).
"""
