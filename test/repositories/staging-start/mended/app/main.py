from contextlib import asynccontextmanager

from fastapi import FastAPI

from app.startup import initialize


@asynccontextmanager
async def lifespan(app: FastAPI):
    await initialize(app)
    yield


app = FastAPI(lifespan=lifespan)
