import logging

from app.analytics import connect_store
from app.handlers import register_handlers
from app.monitoring import start_monitoring
from app.tokens import extractor

logger = logging.getLogger(__name__)


async def start_services(app):
    await extractor.initialize_extractor()
    await register_handlers(app)
    await start_monitoring(app)


async def start_optional(app):
    try:
        await connect_store(app)
    except ConnectionError as error:
        logger.warning("analytics is off: %s", error)
