async def load_secrets(settings):
    return settings
