def register_routes(app):
    from svc.services.billing.api import router

    app.include_router(router)

    @app.get("/report")
    async def report():
        from svc.admin.report import render

        return render()
