"""A thin Salesforce org: it answers after a set time, and costs next to nothing itself.

The stand-in of `sandbox` reads SOQL and checks every field; here that would be what is measured.
"""
