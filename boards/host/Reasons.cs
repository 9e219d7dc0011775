using Femto.Mqtt;

namespace Femto.Host;

/// <summary>Reason codes in words, for lines that people read.</summary>
internal static class Reasons
{
    /// <summary>The words, and the code behind them: <c>session taken over (0x8E)</c>.</summary>
    public static string Text(int reason) => $"{Words(reason)} (0x{reason:X2})";

    private static string Words(int reason) => reason switch
    {
        ReasonCode.NormalDisconnection => "normal disconnection",
        ReasonCode.DisconnectWithWill => "disconnection with will",
        ReasonCode.UnspecifiedError => "unspecified error",
        ReasonCode.MalformedPacket => "malformed packet",
        ReasonCode.ProtocolError => "protocol error",
        ReasonCode.ImplementationSpecificError => "not accepted by this broker",
        ReasonCode.UnsupportedProtocolVersion => "neither MQTT 3.1.1 nor 5.0",
        ReasonCode.ClientIdentifierNotValid => "client identifier not valid",
        ReasonCode.BadUserNameOrPassword => "bad user name or password",
        ReasonCode.NotAuthorized => "not authorized",
        ReasonCode.ServerUnavailable => "server unavailable",
        ReasonCode.ServerBusy => "server busy",
        ReasonCode.Banned => "banned",
        ReasonCode.ServerShuttingDown => "server shutting down",
        ReasonCode.BadAuthenticationMethod => "bad authentication method",
        ReasonCode.KeepAliveTimeout => "keep-alive timeout",
        ReasonCode.SessionTakenOver => "session taken over",
        ReasonCode.TopicFilterInvalid => "topic filter invalid",
        ReasonCode.TopicNameInvalid => "topic name invalid",
        ReasonCode.PacketIdentifierInUse => "packet identifier in use",
        ReasonCode.PacketIdentifierNotFound => "packet identifier not found",
        ReasonCode.ReceiveMaximumExceeded => "receive maximum exceeded",
        ReasonCode.TopicAliasInvalid => "topic alias invalid",
        ReasonCode.PacketTooLarge => "packet too large",
        ReasonCode.MessageRateTooHigh => "message rate too high",
        ReasonCode.QuotaExceeded => "quota exceeded",
        ReasonCode.AdministrativeAction => "administrative action",
        ReasonCode.PayloadFormatInvalid => "payload format invalid",
        ReasonCode.RetainNotSupported => "retain not supported",
        ReasonCode.QosNotSupported => "QoS not supported",
        ReasonCode.UseAnotherServer => "use another server",
        ReasonCode.ServerMoved => "server moved",
        ReasonCode.SharedSubscriptionsNotSupported => "shared subscriptions not supported",
        ReasonCode.ConnectionRateExceeded => "connection rate exceeded",
        ReasonCode.MaximumConnectTime => "maximum connect time",
        ReasonCode.SubscriptionIdentifiersNotSupported => "subscription identifiers not supported",
        ReasonCode.WildcardSubscriptionsNotSupported => "wildcard subscriptions not supported",
        _ => "reason",
    };
}
