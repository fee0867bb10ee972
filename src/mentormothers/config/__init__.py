"""Settings, addresses, start-up and commands: the only place that knows everything."""
