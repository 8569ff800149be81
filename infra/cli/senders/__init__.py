"""`smartdhandha deliver` and `smartdhandha mail`: the senders, without the API."""
