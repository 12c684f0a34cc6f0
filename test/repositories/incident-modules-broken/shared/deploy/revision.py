def revision():
    return "unknown"
