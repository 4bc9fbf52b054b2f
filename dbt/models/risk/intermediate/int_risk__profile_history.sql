{{ profile_history(ref('int_risk__parameters')) }}
