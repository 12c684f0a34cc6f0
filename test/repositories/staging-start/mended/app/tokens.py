class Extractor:
    async def initialize_extractor(self):
        self.ready = True


extractor = Extractor()
