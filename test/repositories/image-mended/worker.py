print("waiting for orders")
