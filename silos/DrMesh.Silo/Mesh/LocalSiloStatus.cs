namespace DrMesh.Silo.Mesh;

/// <summary>One silo of a local mesh, as <c>drmesh mesh ps</c> shows it.</summary>
internal sealed record LocalSiloStatus(string Node, int? Pid, bool IsReady, int GatewayPort, int HttpPort, string Log);
