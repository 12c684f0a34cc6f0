from shared.deploy.revision import revision


class AlertRules:
    def __init__(self):
        self.revision = revision()
