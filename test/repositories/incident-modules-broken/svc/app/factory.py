import logging
from contextlib import asynccontextmanager

from fastapi import FastAPI

from svc.app.routes import register_routes

logger = logging.getLogger(__name__)


@asynccontextmanager
async def lifespan(app):
    from svc.app.startup import StartupSequence

    sequence = StartupSequence(app)
    await sequence.run()
    yield
    await sequence.stop()


def build():
    app = FastAPI(lifespan=lifespan)
    register_routes(app)
    return app
