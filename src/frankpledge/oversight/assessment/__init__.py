"""Assess: what is happening, to whom, where and when, and is it real?"""
