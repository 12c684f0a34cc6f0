from app.health import check_startup_health
from app.phases.services import start_optional, start_services


async def initialize(app):
    await check_startup_health(app)
    await start_services(app)
    await start_optional(app)
