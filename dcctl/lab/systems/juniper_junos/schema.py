"""Which configuration statements Junos knows, in the order in which it writes them.

One statement a line, deeper ones indented. After the name: `=` takes a value, `[]` takes values, `<>` is a list with
keys, `...` holds anything, `|` is written on one line when it holds one thing; nothing: a container, or a flag.
A line `<>` is a list whose entries carry no keyword, `* =` any name with a value. Drawn from Juniper's Junos 22
configuration statement references.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

TEXT = """
version =
groups ...
apply-groups []
system
  host-name =
  domain-name =
  domain-search []
  time-zone =
  management-instance
  no-redirects
  no-ping-record-route
  no-ping-time-stamp
  internet-options ...
  authentication-order []
  ports ...
  root-authentication
    encrypted-password =
    plain-text-password =
    ssh-ed25519 <>
    ssh-rsa <>
  name-server
    <>
  tacplus-server ...
  radius-server ...
  accounting ...
  login
    class <>
      idle-timeout =
      permissions []
      allow-commands =
      deny-commands =
      login-alarms
      login-tip
    user <>
      full-name =
      uid =
      class =
      authentication
        encrypted-password =
        plain-text-password =
        ssh-ed25519 <>
        ssh-rsa <>
    message =
    announcement =
    retry-options
      tries-before-disconnect =
      backoff-threshold =
      backoff-factor =
      minimum-time =
      maximum-time =
      lockout-period =
    password
      minimum-length =
      format =
      minimum-numerics =
      minimum-upper-cases =
      minimum-lower-cases =
      minimum-punctuations =
      change-type =
      minimum-changes =
  services
    ssh
      root-login =
      sftp-server
      protocol-version []
      max-sessions-per-connection =
      ciphers []
      macs []
      key-exchange []
      hostkey-algorithm ...
      client-alive-count-max =
      client-alive-interval =
      no-tcp-forwarding
      no-password-authentication
      connection-limit =
      rate-limit =
      sftp-server
      no-public-keys
      log-key-changes
    telnet
      connection-limit =
      rate-limit =
    ftp
    finger
    netconf
      ssh
        port =
        connection-limit =
      rfc-compliant
    web-management ...
    extension-service ...
  syslog
    archive ...
    user <>
      * =
    host <>
      * =
      port =
      transport =
      tls-profile =
      match =
      log-prefix =
      facility-override =
      source-address =
      routing-instance =
      structured-data
      explicit-priority
    file <>
      * =
      match =
      archive ...
      structured-data
      explicit-priority
    time-format
      year
      millisecond
    source-address =
    log-rotate-frequency =
    console ...
  commit ...
  compress-configuration-files
  max-configurations-on-flash =
  max-configuration-rollbacks =
  archival ...
  processes ...
  ntp
    boot-server =
    authentication-key <>
      type =
      value =
    server <>
      key =
      version =
      prefer
      routing-instance =
    peer <>
      key =
    trusted-key []
    source-address <>
      routing-instance =
    broadcast-client
    interval-range =
    threshold ...
chassis
  aggregated-devices ...
  redundancy ...
  fpc ...
  network-services =
  alarm ...
  synchronization ...
  craft-lockout
security ...
services ...
interfaces
  <>
    description =
    disable
    enable
    metadata =
    per-unit-scheduler
    flexible-vlan-tagging
    vlan-tagging
    native-vlan-id =
    speed =
    mtu =
    hold-time ...
    link-mode =
    encapsulation =
    gigether-options ...
    ether-options ...
    optics-options ...
    otn-options ...
    aggregated-ether-options ...
    damping ...
    traps
    no-traps
    unit <>
      description =
      disable
      bandwidth =
      encapsulation =
      vlan-id =
      family <>
        mtu =
        no-redirects
        filter
          input =
          output =
          input-list []
          output-list []
        sampling
          input
          output
        rpf-check
        maximum-labels =
        address <>
          primary
          preferred
          vrrp-group ...
snmp
  name =
  description =
  location =
  contact =
  community <>
    authorization =
    clients
      <>
        restrict
    client-list-name =
  trap-options ...
  trap-group ...
  view ...
  v3 ...
  engine-id ...
  routing-instance-access ...
forwarding-options ...
event-options ...
policy-options
  prefix-list <>
    <>
    apply-path =
  policy-statement <>
    term <>
      from |
        protocol []
        family =
        instance =
        interface []
        neighbor =
        community []
        as-path []
        prefix-list []
        prefix-list-filter <>|
          exact
          orlonger
          longer
        route-filter <>|
          exact
          orlonger
          longer
          upto =
          prefix-length-range =
        metric =
        tag =
        level =
      to ...
      then |
        metric =
        local-preference =
        origin =
        community ...
        as-path-prepend =
        next-hop =
        preference =
        tag =
        load-balance =
        next =
        accept
        reject
    from |
      protocol []
    then |
      metric =
      local-preference =
      load-balance =
      next-hop =
      accept
      reject
  community <>
    members []
  as-path <> ...
  condition ...
firewall
  family <>
    filter <>
      interface-specific
      term <>
        from
          source-address
            <>
              except
          destination-address
            <>
              except
          address
            <>
          source-prefix-list
            <>
              except
          destination-prefix-list
            <>
          prefix-list
            <>
          protocol []
          source-port []
          destination-port []
          port []
          tcp-established
          tcp-initial
          tcp-flags =
          icmp-type []
          fragment-offset []
          is-fragment
          ttl []
          dscp []
        then |
          policer =
          count =
          log
          syslog
          loss-priority =
          forwarding-class =
          accept
          discard
          reject
          next =
  filter ...
  policer <> ...
routing-instances
  <>
    description =
    instance-type =
    interface <>
    route-distinguisher =
    vrf-target ...
    vrf-import []
    vrf-export []
    vrf-table-label
    routing-options
      static
        route <>
          next-hop []
          discard
          reject
          retain
          no-readvertise
          preference =
      autonomous-system =
      router-id =
    protocols ...
routing-options
  nonstop-routing
  graceful-restart ...
  static
    route <>
      next-hop []
      discard
      reject
      receive
      retain
      no-readvertise
      preference =
      tag =
  aggregate
    route <>
      discard
      policy []
  router-id =
  autonomous-system =
  forwarding-table
    export []
  resolution ...
  rib <> ...
protocols
  bfd ...
  bgp
    path-selection ...
    graceful-shutdown
      sender
        local-preference =
      receiver ...
    local-address =
    log-updown
    graceful-restart ...
    group <>
      type =
      description =
      local-address =
      hold-time =
      import []
      graceful-shutdown
        sender
          local-preference =
        receiver ...
      family <>
        unicast
          prefix-limit ...
          accepted-prefix-limit ...
        any
        signaling
      authentication-key =
      authentication-algorithm =
      export []
      cluster =
      peer-as =
      local-as =
      multipath
      multihop ...
      log-updown
      mtu-discovery
      bfd-liveness-detection
        minimum-interval =
        multiplier =
      neighbor <>
        description =
        local-address =
        hold-time =
        import []
        family <>
          unicast
            prefix-limit ...
            accepted-prefix-limit ...
        authentication-key =
        export []
        peer-as =
        shutdown
        graceful-shutdown
          sender
            local-preference =
          receiver ...
        multihop ...
        bfd-liveness-detection
          minimum-interval =
          multiplier =
  isis
    traceoptions ...
    reference-bandwidth =
    lsp-lifetime =
    spf-options ...
    overload
      timeout =
      advertise-high-metrics
    topologies ...
    source-packet-routing ...
    backup-spf-options ...
    export []
    level <>|
      disable
      authentication-key =
      authentication-type =
      wide-metrics-only
      preference =
    interface <>
      disable
      hello-padding =
      ldp-synchronization
      lsp-interval =
      link-protection
      node-link-protection
      point-to-point
      family <>
        bfd-liveness-detection
          minimum-interval =
          multiplier =
          minimum-receive-interval =
      passive
      bfd-liveness-detection
        minimum-interval =
        multiplier =
      level <>|
        disable
        metric =
        te-metric =
        priority =
        hello-interval =
        hold-time =
        hello-authentication-key =
        hello-authentication-type =
        passive
  ospf
    disable
    traceoptions ...
    reference-bandwidth =
    preference =
    external-preference =
    spf-options ...
    overload
      timeout =
    export []
    import []
    no-rfc-1583
    graceful-restart ...
    source-packet-routing ...
    backup-spf-options ...
    traffic-engineering ...
    area <>
      stub ...
      nssa ...
      area-range <> ...
      authentication-type =
      interface <>
        disable
        interface-type =
        metric =
        te-metric =
        priority =
        hello-interval =
        dead-interval =
        retransmit-interval =
        transit-delay =
        passive
        ldp-synchronization ...
        link-protection
        node-link-protection
        authentication ...
        bfd-liveness-detection
          minimum-interval =
          minimum-receive-interval =
          multiplier =
  ldp
    traceoptions ...
    auto-targeted-session ...
    preference =
    track-igp-metric
    explicit-null
    deaggregate
    no-deaggregate
    egress-policy []
    export []
    import []
    graceful-restart ...
    igp-synchronization ...
    transport-address =
    keepalive-interval =
    keepalive-timeout =
    targeted-hello ...
    strict-targeted-hellos
    log-updown ...
    interface <>
      disable
      hello-interval =
      hold-time =
      transport-address =
      allow-subnet-mismatch
    neighbor <> ...
    session <> ...
    session-group <> ...
    session-protection ...
  mpls
    disable
    traceoptions ...
    admin-groups ...
    statistics ...
    traffic-engineering ...
    no-propagate-ttl
    icmp-tunneling
    ipv6-tunneling
    label-range ...
    label-switched-path <>
      disable
      from =
      to =
      metric =
      bandwidth =
      priority =
      no-cspf
      adaptive
      fast-reroute ...
      link-protection
      node-link-protection
      primary <> ...
      secondary <> ...
    path <> ...
    interface <>
      disable
      admin-group []
      srlg []
  rsvp
    disable
    traceoptions ...
    keep-multiplier =
    refresh-time =
    interface <>
      disable
      aggregate
      no-aggregate
      reliable
      hello-interval =
      subscription =
      bandwidth =
      authentication-key =
      link-protection ...
  pim ...
  lacp ...
  layer2-control ...
  ptp ...
  lldp
    disable
    port-id-subtype =
    port-description-type =
    management-address =
    advertisement-interval =
    transmit-delay =
    hold-multiplier =
    interface <>
      disable
    neighbour-port-info-display =
class-of-service ...
"""


@dataclass(slots=True, kw_only=True)
class Statement:
    """One statement of the schema; `order` is its place among its brothers."""

    name: str
    kind: str  # node | leaf | values | list | any
    inline: bool = False
    order: int = 0
    below: dict[str, Statement] = field(default_factory=dict)

    @property
    def flag(self) -> bool:
        """A statement that holds nothing."""
        return self.kind == "node" and not self.below


_KINDS = {"=": "leaf", "[]": "values", "<>": "list", "...": "any"}


@cache
def root() -> Statement:
    """The whole schema."""
    top = Statement(name="", kind="node")
    stack = [top]
    for line in TEXT.strip().splitlines():
        depth = (len(line) - len(line.lstrip())) // 2
        words = line.split()
        inline = any(word.endswith("|") for word in words)
        marks = [mark for word in words[1:] if (mark := word.rstrip("|"))]
        name = words[0]
        kind = "list" if name == "<>" else _KINDS[marks[-1]] if marks else "node"
        keyed = "<>" in marks
        parent = stack[depth]
        made = Statement(
            name=name, kind="list" if keyed else kind, inline=inline, order=len(parent.below)
        )
        if keyed and marks[-1] == "...":
            made.below["..."] = Statement(name="...", kind="any")
        parent.below[name] = made
        stack[depth + 1 :] = [made]
    return top
