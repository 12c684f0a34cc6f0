async def register_handlers(app):
    app.state.handlers = {"chat": print}
