def probe():
    answer = run(["sshd", "-T"])
    if answer is None:
        return {"settings": None}
    if answer["code"] != 0:
        raise RuntimeError("sshd -T: " + answer["err"])
    return {"settings": answer["out"]}
