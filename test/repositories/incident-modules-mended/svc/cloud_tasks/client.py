class TaskClient:
    async def connect(self):
        return None
