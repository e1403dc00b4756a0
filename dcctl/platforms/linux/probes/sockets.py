def probe():
    answer = run(["ss", "-Htulnp"])
    if answer is None or answer["code"] != 0:
        raise RuntimeError("ss: %s" % (answer and answer["err"]))
    return {"ss": answer["out"]}
