"""What may stand in the files, as pydantic models; used where files come in, and for editors' JSON Schemas.

Imported on a cold load only: nothing that runs warm needs pydantic.
"""
