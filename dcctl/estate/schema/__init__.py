"""What may stand in the files, as pydantic models; also the source of editors' JSON Schemas.

Imported on a cold load only: nothing that runs warm needs pydantic.
"""
