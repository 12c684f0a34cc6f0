def test_nothing():
    import svc.main
