class Settings:
    broker = "memory://"
