from dcctl.contracts._report import Report as R2
