from app.analytics import connect_store
from app.handlers import register_handlers
from app.monitoring import start_monitoring
from app.tokens import extractor


async def start_services(app):
    extractor.initialize_extractor()
    await start_monitoring(app)
    await register_handlers(app)


async def start_optional(app):
    await connect_store(app)
