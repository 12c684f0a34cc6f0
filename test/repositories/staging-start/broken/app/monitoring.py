async def start_monitoring(app):
    app.state.monitored = len(getattr(app.state, "handlers", {}))
