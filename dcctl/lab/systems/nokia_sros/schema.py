"""Which configuration elements SR OS 23.10 knows in model-driven mode, in the order in which it writes them.

One element a line, deeper ones indented. After the name: `= TYPE` a leaf, `[] TYPE` a leaf-list, `<key:TYPE>` a list
and its keys (a key after the first one is typed with its name), `!` a container that says something by being there,
`...` anything; nothing: a container. Types: str (written in quotes), word, num:LOW-HIGH, bool, ip, prefix, a|b|c.
Drawn from Nokia's 7450/7750/7950 MD-CLI command reference and configurations in its public labs.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from functools import cache

SEPARATOR = "\x1f"  # between the keys of one list entry in a label

TEXT = """
card <slot:num:1-20>
  admin-state = enable|disable
  card-type = word
  level = word
  fp ...
  mda <slot:num:1-6>
    admin-state = enable|disable
    mda-type = word
    level = word
cflowd
  admin-state = enable|disable
  active-flow-timeout = num:30-36000
  sample-profile <id:num:1-5>
    sample-rate = num:1-10000
  collector <address:ip,port:num:1-65535>
    admin-state = enable|disable
    description = str
    version = num:5-10
chassis ...
filter
  match-list
    ip-prefix-list <name:str>
      description = str
      prefix <prefix:prefix>
  ip-filter <name:str>
    default-action = accept|drop
    description = str
    filter-id = num:1-65535
    entry <id:num:1-2097151>
      description = str
      match
        protocol = word
        src-ip
          address = prefix
          ip-prefix-list = str
        dst-port
          eq = num:0-65535
      action
        accept !
        drop !
lag <name:str>
  admin-state = enable|disable
  description = str
  encap-type = null|dot1q|qinq
  mode = access|network|hybrid
  lacp
    mode = active|passive
    administrative-key = num:1-65535
  port <id:word>
log
  filter ...
  log-id <name:str>
    admin-state = enable|disable
    description = str
    filter = str
    source
      main = bool
      security = bool
      change = bool
      debug = bool
    destination
      syslog = str
      memory
        max-entries = num:50-3000
      file = str
      snmp ...
  route-preference
    primary = inband|outband
    secondary = inband|outband|none
  snmp-trap-group ...
  syslog <name:str>
    description = str
    address = ip
    facility = word
    log-prefix = str
    port = num:1-65535
    severity = emergency|alert|critical|error|warning|notice|info|debug
    hostname
      use-system-name !
      value = str
macsec ...
policy-options
  community <name:str>
    member <value:str>
  prefix-list <name:str>
    prefix <prefix:prefix,type:exact|longer|through|range|to|address-mask>
      through-length = num:0-128
      start-length = num:0-128
      end-length = num:0-128
  policy-statement <name:str>
    description = str
    entry <id:num:1-4294967295>
      description = str
      from
        prefix-list [] str
        family [] word
        protocol
          name [] word
      to
        protocol
          name [] word
      action
        action-type = accept|reject|next-entry|next-policy
        local-preference = num:0-4294967295
        next-hop = word
        metric ...
        community
          add [] str
          replace [] str
    default-action
      action-type = accept|reject|next-entry|next-policy
      local-preference = num:0-4294967295
      next-hop = word
      metric ...
      community
        add [] str
        replace [] str
port <id:word>
  admin-state = enable|disable
  description = str
  ddm-events = bool
  connector
    breakout = word
    rs-fec-mode = word
  ethernet
    mode = access|network|hybrid
    encap-type = null|dot1q|qinq
    mtu = num:512-9800
    speed = num:10-400000
    autonegotiate = true|false|limited
    rs-fec-mode = cl91-514-528|cl108
    dot1x ...
    ssm
      admin-state = enable|disable
      code-type = sdh|sonet
    hold-time
      up = num:0-3600000
      down = num:0-3600000
      units = seconds|centiseconds
    crc-monitor ...
    lldp
      dest-mac <type:nearest-bridge|nearest-non-tpmr|nearest-customer>
        notification = bool
        port-id-subtype = tx-if-alias|tx-if-name|tx-local
        receive = bool
        transmit = bool
        tx-tlvs
          port-desc = bool
          sys-name = bool
          sys-desc = bool
          sys-cap = bool
        tx-mgmt-address <type:oob|system|system-ipv6|oob-ipv6>
          admin-state = enable|disable
  dwdm ...
  otu ...
qos ...
redundancy
  synchronize = config|boot-env|none
  rollback-sync = bool
router <name:str>
  description = str
  autonomous-system = num:1-4294967295
  ecmp = num:1-64
  router-id = ip
  aggregates
    aggregate <prefix:prefix>
      summary-only = bool
      blackhole !
        generate-icmp = bool
  mpls-labels ...
  interface <name:str>
    admin-state = enable|disable
    description = str
    ip-mtu = num:512-9786
    loopback !
    mac = word
    port = word
    cflowd-parameters
      sampling <type:unicast|multicast>
        direction = ingress-only|egress-only|both
        sample-profile = num:1-5
        type = acl|interface
    ingress
      filter
        ip = str
    egress
      filter
        ip = str
    ipv4
      bfd
        admin-state = enable|disable
        transmit-interval = num:10-100000
        receive = num:10-100000
        multiplier = num:3-20
        echo-receive = num:100-100000
        type = auto|cpm-np|fp
      primary
        address = ip
        prefix-length = num:0-32
      secondary <address:ip>
        prefix-length = num:0-32
    ipv6
      forward-ipv4-packets = bool
      address <address:ip>
        prefix-length = num:4-128
  bgp
    admin-state = enable|disable
    connect-retry = num:1-65535
    description = str
    hold-time
      seconds = num:0-65535
      minimum-hold-time = num:1-65535
    keepalive = num:0-21845
    local-preference = num:0-4294967295
    loop-detect = word
    min-route-advertisement = num:1-255
    path-mtu-discovery = bool
    rapid-withdrawal = bool
    router-id = ip
    split-horizon = bool
    advertise-inactive = bool
    family
      ipv4 = bool
      ipv6 = bool
      vpn-ipv4 = bool
      vpn-ipv6 = bool
      evpn = bool
      label-ipv4 = bool
    ebgp-default-reject-policy
      import = bool
      export = bool
    import
      policy [] str
    export
      policy [] str
    multipath ...
    next-hop-resolution ...
    group <name:str>
      admin-state = enable|disable
      authentication-key = str
      authentication-keychain = str
      bfd-liveness = bool
      connect-retry = num:1-65535
      description = str
      hold-time
        seconds = num:0-65535
        minimum-hold-time = num:1-65535
      keepalive = num:0-21845
      local-address = ip
      local-preference = num:0-4294967295
      next-hop-self = bool
      peer-as = num:1-4294967295
      prefix-limit <family:ipv4|ipv6|vpn-ipv4|vpn-ipv6|evpn>
        maximum = num:1-4294967295
        log-only = bool
        threshold = num:1-100
      split-horizon = bool
      type = internal|external|no-type
      family
        ipv4 = bool
        ipv6 = bool
        vpn-ipv4 = bool
        vpn-ipv6 = bool
        evpn = bool
        label-ipv4 = bool
      cluster
        cluster-id = ip
      local-as
        as-number = num:1-4294967295
      import
        policy [] str
      export
        policy [] str
      advertise-ipv6-next-hops ...
      dynamic-neighbor ...
      send-default ...
    neighbor <address:str>
      admin-state = enable|disable
      authentication-key = str
      authentication-keychain = str
      bfd-liveness = bool
      description = str
      group = str
      hold-time
        seconds = num:0-65535
        minimum-hold-time = num:1-65535
      keepalive = num:0-21845
      local-address = ip
      local-preference = num:0-4294967295
      next-hop-self = bool
      peer-as = num:1-4294967295
      prefix-limit <family:ipv4|ipv6|vpn-ipv4|vpn-ipv6|evpn>
        maximum = num:1-4294967295
        log-only = bool
        threshold = num:1-100
      type = internal|external|no-type
      family
        ipv4 = bool
        ipv6 = bool
        vpn-ipv4 = bool
        vpn-ipv6 = bool
        evpn = bool
        label-ipv4 = bool
      cluster
        cluster-id = ip
      import
        policy [] str
      export
        policy [] str
  isis <instance:num:0-127>
    admin-state = enable|disable
    advertise-passive-only = bool
    advertise-router-capability = area|as
    authentication-check = bool
    authentication-key = str
    authentication-keychain = str
    authentication-type = password|message-digest
    ipv4-routing = bool
    ipv6-routing = word
    level-capability = 1|2|1/2
    lsp-lifetime = num:350-65535
    reference-bandwidth = num:1-18446744073709551615
    router-id = ip
    system-id = word
    traffic-engineering = bool
    area-address [] word
    export-policy [] str
    loopfree-alternate ...
    traffic-engineering-options ...
    segment-routing ...
    timers ...
    overload !
      max-metric = bool
      timeout = num:60-1800
    overload-on-boot ...
    interface <name:str>
      admin-state = enable|disable
      hello-authentication-key = str
      hello-authentication-keychain = str
      hello-authentication-type = password|message-digest
      hello-padding = word
      interface-type = broadcast|point-to-point
      level-capability = 1|2|1/2
      passive = bool
      bfd-liveness
        ipv4 !
          include-bfd-tlv = bool
        ipv6 !
          include-bfd-tlv = bool
      ipv4-node-sid ...
      ipv6-node-sid ...
      level <number:1|2>
        hello-interval = num:1-20000
        hello-multiplier = num:2-100
        metric = num:1-16777215
        passive = bool
    level <number:1|2>
      external-preference = num:1-255
      preference = num:1-255
      wide-metrics-only = bool
  ldp
    admin-state = enable|disable
    export-tunnel-table [] str
    fec-originate ...
    import-pmsi-routes ...
    session-parameters ...
    targeted-session ...
    tcp-session-parameters ...
    interface-parameters
      interface <name:str>
        admin-state = enable|disable
        bfd-liveness
          ipv4 = bool
          ipv6 = bool
        ipv4
          admin-state = enable|disable
          transport-address = interface|system
          hello ...
        ipv6 ...
      ipv4 ...
  mpls
    admin-state = enable|disable
    interface <name:str>
      admin-state = enable|disable
    path <name:str>
      admin-state = enable|disable
      hop <index:num:1-1024>
        ip-address = ip
        type = strict|loose
    lsp <name:str>
      admin-state = enable|disable
      type = word
      from = ip
      to = ip
      path-computation-method = word
      fast-reroute ...
      primary <name:str>
        admin-state = enable|disable
      secondary <name:str>
        admin-state = enable|disable
        standby = bool
  ospf <instance:num:0-31>
    admin-state = enable|disable
    advertise-router-capability = link|area|as
    reference-bandwidth = num:1-18446744073709551615
    router-id = ip
    traffic-engineering = bool
    export-policy [] str
    overload !
      timeout = num:60-1800
    area <id:ip>
      interface <name:str>
        admin-state = enable|disable
        authentication-key = str
        authentication-keychain = str
        authentication-type = password|message-digest
        dead-interval = num:2-65535
        hello-interval = num:1-65535
        interface-type = broadcast|non-broadcast|point-to-point|p2mp-nbma
        message-digest-key <id:num:1-255>
          md5 = str
        metric = num:1-65535
        passive = bool
        priority = num:0-255
        bfd-liveness !
          remain-down-on-failure = bool
  rsvp
    admin-state = enable|disable
    interface <name:str>
      admin-state = enable|disable
  static-routes
    route <prefix:prefix,route-type:unicast|multicast>
      backup-tag = num:1-4294967295
      blackhole
        admin-state = enable|disable
        preference = num:1-255
      next-hop <address:str>
        admin-state = enable|disable
        description = str
        preference = num:1-255
service ...
sfm <slot:num:1-16>
  admin-state = enable|disable
  sfm-type = word
system
  contact = str
  coordinates = str
  location = str
  name = str
  alarms
    admin-state = enable|disable
    max-cleared = num:0-500
  central-frequency-clock
    clear-interval ...
    ql-selection = bool
    revert = bool
    wait-to-restore = num:0-12
    ref-order
      first = word
      second = word
      third = word
      fourth = word
      fifth = word
    bits ...
    ptp
      admin-state = enable|disable
    ref1
      admin-state = enable|disable
      source-port = word
      ql-override = word
    ref2
      admin-state = enable|disable
      source-port = word
      ql-override = word
  cpm-http-redirect ...
  dns ...
  grpc ...
  lldp
    admin-state = enable|disable
    message-fast-tx = num:1-3600
    tx-interval = num:5-32768
  load-balancing ...
  login-control
    exponential-backoff = bool
    idle-timeout = none|num:1-1440
    login-banner = bool
    motd
      text = str
      url = str
    pre-login-message
      message = str
      name = bool
    ssh
      inbound-max-sessions = num:0-50
      outbound-max-sessions = num:0-15
    telnet ...
  management-interface
    configuration-mode = classic|mixed|model-driven
    configuration-save ...
    cli
      cli-engine [] word
      md-cli
        auto-config-save = bool
        environment ...
    commit-history = num:0-200
    netconf ...
    remote-management ...
    yang-modules ...
  ptp
    admin-state = enable|disable
    announce-receipt-timeout = num:2-10
    clock-type = boundary|ordinary-slave|ordinary-master
    domain = num:0-255
    local-priority = num:1-255
    log-announce-interval = num:-3-4
    network-type = sdh|sonet
    priority1 = num:0-255
    priority2 = num:0-255
    profile = ieee1588-2008|g8265dot1-2010|g8275dot1-2014|g8275dot2-2016
    port <id:word>
      admin-state = enable|disable
      address = word
    peer <address:ip,router-instance:str>
      admin-state = enable|disable
  security
    aaa
      local-profiles ...
      remote-servers
        ldap ...
        radius
          admin-state = enable|disable
          server <index:num:1-5>
            address = ip
            secret = str
        tacplus
          admin-state = enable|disable
          accounting
            record-type = start-stop|stop-only
          server <index:num:1-5>
            address = ip
            secret = str
    cpm-filter
      default-action = accept|drop
      ip-filter
        admin-state = enable|disable
        entry <id:num:1-131072>
          description = str
          match
            protocol = word
            router-instance = str
            src-ip
              address = prefix
              ip-prefix-list = str
            dst-port
              eq = num:0-65535
            src-port
              eq = num:0-65535
          action
            accept !
            drop !
      ipv6-filter ...
    cpm-queue ...
    dist-cpu-protection ...
    ftp-server = bool
    hash-control ...
    keychains
      keychain <name:str>
        admin-state = enable|disable
        description = str
        bidirectional
          entry <id:num:0-63>
            algorithm = word
            authentication-key = str
            begin-time = word
    management
      allow-ftp = bool
      allow-grpc = bool
      allow-netconf = bool
      allow-ssh = bool
      allow-telnet = bool
      allow-telnet6 = bool
    management-access-filter
      ip-filter
        admin-state = enable|disable
        default-action = ignore-match|accept|drop|reject
        entry <id:num:1-9999>
          action = ignore-match|accept|drop|reject
          description = str
          log-events = bool
          match
            protocol = word
            router-instance = str
            src-ip
              address = prefix
              ip-prefix-list = str
            dst-port
              port = num:0-65535
              mask = num:0-65535
      ipv6-filter ...
    pki ...
    snmp
      access <group:str,context:str,security-model:snmpv1|snmpv2c|usm,security-level:no-auth-no-privacy|auth-no-privacy|privacy>
        notify = str
        prefix-match = exact|prefix
        read = str
        write = str
      community <name:str>
        access-permissions = r|rw|rwa|mgmt
        version = v1|v2c|both
    source-address
      ipv4 <application:word>
        address = ip
        interface-name = str
      ipv6 <application:word>
        address = word
        interface-name = str
    ssh
      server-admin-state = enable|disable
      preserve-key = bool
      client-cipher-list-v2 ...
      client-kex-list-v2 ...
      client-mac-list-v2 ...
      key-re-exchange ...
      server-cipher-list-v2 ...
      server-kex-list-v2 ...
      server-mac-list-v2 ...
    telnet-server = bool
    tls ...
    user-params
      attempts
        count = num:1-64
        lockout = word
        time = num:0-60
      authentication-order
        order [] word
        exit-on-reject = bool
      local-user
        password ...
        user <name:str>
          password = str
          restricted-to-home = bool
          access
            console = bool
            ftp = bool
            grpc = bool
            netconf = bool
            snmp = bool
            ssh-cli = bool
          cli-engine [] word
          console
            login-exec = str
            member [] str
          public-keys ...
  snmp ...
  telemetry ...
  time
    dst-zone ...
    prefer-local-time = bool
    ntp
      admin-state = enable|disable
      authentication-check = bool
      authentication-key <id:num:1-255>
        key = str
        type = des|message-digest
      ntp-server ...
      peer <address:ip,router-instance:str>
        prefer = bool
        version = num:2-4
      server <address:ip,router-instance:str>
        key-id = num:1-255
        prefer = bool
        version = num:2-4
    sntp ...
    zone
      non-standard
        name = str
        offset = str
      standard
        name = word
  thresholds ...
"""

DEFAULT_KEYS = {"router": "Base", "isis": "0", "ospf": "0"}


@dataclass(slots=True)
class Element:
    """One element of the model and what may stand below it."""

    name: str
    kind: str  # node | presence | leaf | values | list | any
    type: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    order: int = 0
    below: dict[str, Element] = field(default_factory=dict)


@cache
def root() -> Element:
    """The model, read once; its only child is `configure`."""
    configure = Element("configure", "node")
    stack: list[tuple[int, Element]] = [(-1, configure)]
    for order, line in enumerate(TEXT.strip("\n").splitlines()):
        depth = len(line) - len(line.lstrip())
        element = _read(line.strip(), order)
        while stack[-1][0] >= depth:
            stack.pop()
        stack[-1][1].below[element.name] = element
        stack.append((depth, element))
    return Element("", "node", below={"configure": configure})


def _read(text: str, order: int) -> Element:
    name, _, rest = text.partition(" ")
    if not rest:
        return Element(name, "node", order=order)
    if rest in ("!", "..."):
        return Element(name, "presence" if rest == "!" else "any", order=order)
    if rest.startswith("<"):
        keys = [part.partition(":")[::2] for part in rest.strip("<>").split(",")]
        return Element(name, "list", keys=tuple((a, b) for a, b in keys), order=order)
    mark, kind = rest.split(" ", 1)
    return Element(name, "leaf" if mark == "=" else "values", type=kind, order=order)


ANYTHING = Element("...", "any")


def fits(kind: str, text: str) -> bool:
    """Whether a value is of a type."""
    if kind == "str":
        return bool(text)
    if kind == "word":
        return bool(re.fullmatch(r"\S+", text))
    if kind == "bool":
        return text in ("true", "false")
    if kind in ("ip", "prefix"):
        return _address(kind, text)
    return any(_choice(one, text) for one in kind.split("|"))


def _choice(kind: str, text: str) -> bool:
    if not kind.startswith("num:"):
        return kind == text
    limits = re.fullmatch(r"num:(-?\d+)-(\d+)", kind)
    if limits is None or not re.fullmatch(r"-?\d+", text):
        return False
    return int(limits[1]) <= int(text) <= int(limits[2])


def _address(kind: str, text: str) -> bool:
    try:
        if kind == "ip":
            ipaddress.ip_address(text)
        else:
            ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def quoted(kind: str, text: str) -> str:
    """A value as it is written."""
    if kind != "str":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
