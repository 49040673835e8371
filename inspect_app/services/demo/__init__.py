"""The demo city: invented people, places, thefts and inspections, the same every time.

``city.plan_city`` makes it as frozen plain values without a database; ``load.load_demo_city`` saves it and sends it
through the real screening and the real alert services. Nothing in it is taken from a real register.
"""
