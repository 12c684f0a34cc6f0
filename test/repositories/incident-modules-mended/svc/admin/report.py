def render():
    return {}
