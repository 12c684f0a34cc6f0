async def check_startup_health(app):
    return hasattr(app.state, "store")
