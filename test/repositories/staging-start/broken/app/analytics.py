async def connect_store(app):
    raise ConnectionError("the analytics store is down")
