"""Sender profiles: how one sender's files map onto a contract, as dated data.

Add here a property of profiles. Keep out: the profiles (../profiles/) and how one is
written (onboarding/).
"""
