"""The words of MQTT 3.1.1 and 5: packet types, reasons, and what is no packet at all."""

from enum import IntEnum

NO_ID = b"\0\0"  # an identifier is never zero, MQTT 5 §2.2.1


class Kind(IntEnum):
    """The control packet types, MQTT 5 §2.1.2."""

    CONNECT = 1
    CONNACK = 2
    PUBLISH = 3
    PUBACK = 4
    PUBREC = 5
    PUBREL = 6
    PUBCOMP = 7
    SUBSCRIBE = 8
    SUBACK = 9
    UNSUBSCRIBE = 10
    UNSUBACK = 11
    PINGREQ = 12
    PINGRESP = 13
    DISCONNECT = 14
    AUTH = 15


class Reason(IntEnum):
    """The reason codes we give or look at, MQTT 5 §2.4."""

    SUCCESS = 0x00
    GRANTED_1 = 0x01
    DISCONNECT_WITH_WILL = 0x04
    NO_SUBSCRIPTION_EXISTED = 0x11
    UNSPECIFIED = 0x80
    MALFORMED_PACKET = 0x81
    PROTOCOL_ERROR = 0x82
    UNSUPPORTED_VERSION = 0x84
    CLIENT_ID_NOT_VALID = 0x85
    BAD_USER_OR_PASSWORD = 0x86
    NOT_AUTHORIZED = 0x87
    SERVER_UNAVAILABLE = 0x88
    SERVER_BUSY = 0x89
    SERVER_SHUTTING_DOWN = 0x8B
    BAD_AUTHENTICATION_METHOD = 0x8C
    KEEP_ALIVE_TIMEOUT = 0x8D
    SESSION_TAKEN_OVER = 0x8E
    TOPIC_FILTER_INVALID = 0x8F
    PACKET_ID_NOT_FOUND = 0x92
    TOPIC_ALIAS_INVALID = 0x94
    PACKET_TOO_LARGE = 0x95
    QUOTA_EXCEEDED = 0x97
    SHARED_NOT_SUPPORTED = 0x9E


class MalformedPacket(Exception):
    """Bytes that no packet begins with; the connection has to end with this reason."""

    def __init__(self, reason: Reason, head: bytes = b"") -> None:
        super().__init__(f"malformed packet: {reason.name.lower()}")
        self.reason = reason
        self.head = head  # what is there of a packet that is too large
