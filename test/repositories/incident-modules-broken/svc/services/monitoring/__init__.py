from svc.services.monitoring.alerts import AlertRules


async def initialize_monitoring(app):
    app.state.alerts = AlertRules()
