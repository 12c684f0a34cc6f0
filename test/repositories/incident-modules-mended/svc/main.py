"""The entry: everything else is imported by functions that are called from here."""


def create_app():
    from svc.app.factory import build

    return build()
