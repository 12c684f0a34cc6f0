async def connect(settings):
    return settings.broker
