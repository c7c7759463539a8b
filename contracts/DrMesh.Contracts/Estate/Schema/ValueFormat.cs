namespace DrMesh.Contracts.Estate.Schema;

/// <summary>What a text value of the estate looks like.</summary>
public enum ValueFormat
{
    /// <summary>Any text that is not empty.</summary>
    Text,

    /// <summary>A fully qualified DNS name without the closing dot, for example <c>db.shop.example.com</c>.</summary>
    DnsName,

    /// <summary>A host name or an IP address.</summary>
    Host,

    /// <summary>A host name or an IP address, with a port: <c>10.1.0.11:53</c>.</summary>
    HostAndPort,

    /// <summary>An absolute path.</summary>
    Path,

    /// <summary>An <c>http</c> or <c>https</c> address.</summary>
    Url,

    /// <summary>A cron expression of five fields, or six with seconds first.</summary>
    Cron,

    /// <summary>A time zone of the IANA database, for example <c>Europe/Berlin</c>.</summary>
    TimeZone,

    /// <summary>A file name pattern with <c>*</c>, <c>**</c> and <c>?</c>.</summary>
    Glob,
}
