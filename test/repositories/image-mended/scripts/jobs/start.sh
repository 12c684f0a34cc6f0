#!/bin/sh
exec python -m api
