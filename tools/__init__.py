"""What stands behind run.py: making the environment, building the face, running the suite. Standard library only,
except for the modules that run.py starts inside the environment (each says so at its top).
"""
