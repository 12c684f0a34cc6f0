import asyncio

from shared.config import Settings


class Phases:
    def __init__(self, app):
        self.app = app
        self.settings = Settings()

    async def prepare(self):
        from shared.secrets_store.loader import load_secrets

        await load_secrets(self.settings)


class StartupSequence(Phases):
    def __init__(self, app):
        super().__init__(app)
        self.workers = Workers(app)

    async def run(self):
        await self.prepare()
        await self.monitoring()
        await asyncio.gather(self.workers.start(), self.queues())
        self.tracing()

    async def monitoring(self):
        from svc.services.monitoring import initialize_monitoring

        await initialize_monitoring(self.app)

    async def queues(self):
        from svc.infrastructure.queue.broker import connect

        await connect(self.settings)

    def tracing(self):
        try:
            from shared.monitoring import tracing
        except ImportError:
            return
        tracing.enable()

    async def stop(self):
        pass


class Workers:
    def __init__(self, app):
        self.app = app

    async def start(self):
        from svc.cloud_tasks.client import TaskClient

        client = TaskClient()
        await client.connect()
