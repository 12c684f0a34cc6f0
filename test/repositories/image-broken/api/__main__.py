from api.config import settings

print(settings.LOG_LEVEL)
