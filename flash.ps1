<#
.SYNOPSIS
Puts Femto on a board: nanoFramework, the program, the network, the configuration.

.DESCRIPTION
Restores nanoff (the version pinned in .config/dotnet-tools.json), updates the board's firmware, deploys the program, tells
the board its network and its configuration, and shows what it says. What it runs stands in boards/flash.json; -WhatIf shows it
without doing anything.

A password is asked for. It is never part of a command line; while nanoff needs it, it lies in a file that only you can
read, which is overwritten and deleted afterwards, whatever happens.

Works in PowerShell 7 on Windows, Linux and macOS, and in Windows PowerShell 5.1.

.PARAMETER Board
A folder of boards/: esp32-devkitc, esp32-wrover, esp32-s3-devkitc, esp32-c3-devkitm, wt32-eth01.

.PARAMETER Port
The serial port: COM3, /dev/ttyUSB0. Without it ports are listed, and a single one is taken after asking.

.PARAMETER Wifi
The name of the Wi-Fi to join. Its password is asked for.

.PARAMETER AccessPoint
The name of a Wi-Fi that the board shall be itself, on 192.168.4.1. Its password is asked for. Devices that join it need a
fixed address: nanoFramework's firmware has no DHCP server.

.PARAMETER Address
A fixed address, with -Mask and -Gateway. Without it the network's DHCP server gives one. nanoff then sets no DNS server:
name other machines by their address.

.PARAMETER Mask
The mask of the fixed address.

.PARAMETER Gateway
The gateway of the fixed address.

.PARAMETER Target
Another firmware of nanoFramework than the board's own: one of "otherTargets" in its board.json.

.PARAMETER Build
Builds the program first. Needs Visual Studio with the nanoFramework extension.

.PARAMETER Image
The image of the program. Without it: what the build leaves in firmware/Femto.Firmware/bin/Release.

.PARAMETER EraseAll
Erases the whole flash first: network, configuration and files are gone.

.PARAMETER Config
The configuration (lib/Femto.Mqtt.Config/README.md). Without it the board keeps the one it has; without any it listens on no network.

.PARAMETER Monitor
Shows what the board says, until Ctrl+C.

.EXAMPLE
./flash.ps1 -Board esp32-devkitc -Port COM3 -Wifi home -Config site.conf -Monitor

.EXAMPLE
./flash.ps1 -Board wt32-eth01 -Port /dev/ttyUSB0 -EraseAll -WhatIf
#>
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)][string]$Board,
    [string]$Port,
    [string]$Wifi,
    [string]$AccessPoint,
    [string]$Address,
    [string]$Mask = '255.255.255.0',
    [string]$Gateway,
    [string]$Target,
    [switch]$Build,
    [string]$Image,
    [switch]$EraseAll,
    [string]$Config,
    [switch]$Monitor
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$root = Split-Path -Parent $MyInvocation.MyCommand.Path
$data = Get-Content -Raw -Encoding UTF8 (Join-Path $root 'boards/flash.json') | ConvertFrom-Json
$words = @{}
$secrets = New-Object System.Collections.ArrayList

function Stop-Flash([string]$step, [string]$what, [string]$try) {
    Write-Host ''
    Write-Host "FAILED: $step" -ForegroundColor Red
    Write-Host "  ran:  $what"
    Write-Host "  try:  $try"
    throw "flash.ps1: $step failed"
}

# A word with what stands for {name} filled in.
function Expand-Word([string]$text) {
    foreach ($name in @($words.Keys)) {
        $text = $text.Replace('{' + $name + '}', [string]$words[$name])
    }
    return $text
}

# Runs a step of boards/flash.json; returns what it prints when asked to.
function Invoke-Step([string]$name, [switch]$Quiet) {
    $step = $data.steps.$name
    $all = @($step.command | ForEach-Object { Expand-Word $_ })
    $line = $all -join ' '
    if (-not $PSCmdlet.ShouldProcess($line, $step.say)) { return }
    Write-Host ''
    Write-Host "== $($step.say)" -ForegroundColor Cyan
    Write-Host "   $line"
    $program = $all[0]
    $rest = @($all | Select-Object -Skip 1)
    $output = @()
    $code = 0
    Push-Location $root
    try {
        if ($Quiet) { $output = @(& $program @rest) } else { & $program @rest | Out-Host }
        $code = $LASTEXITCODE
    }
    catch {
        Stop-Flash $step.say $line "$($_.Exception.Message) $($step.try)"
    }
    finally {
        Pop-Location
    }
    if ($code -ne 0) {
        if ($Quiet) { $output | Out-Host }
        Stop-Flash $step.say "$line (exit code $code)" $step.try
    }
    return $output
}

# The program's name, or a failure that says where it comes from.
function Find-Program([string]$name, [string]$try) {
    $found = Get-Command $name -ErrorAction SilentlyContinue | Select-Object -First 1
    if (-not $found) { Stop-Flash 'look for a program' $name $try }
    return $found.Source
}

function Find-MSBuild {
    $place = ${env:ProgramFiles(x86)}
    if ($place) {
        $where = Join-Path $place 'Microsoft Visual Studio/Installer/vswhere.exe'
        if (Test-Path $where) {
            $found = & $where -latest -requires Microsoft.Component.MSBuild -find 'MSBuild\**\Bin\MSBuild.exe'
            $found = @($found) | Select-Object -First 1
            if ($found) { return $found }
        }
    }
    return Find-Program 'msbuild' $data.steps.build.try
}

function Read-Port {
    $listed = @(Invoke-Step 'ports' -Quiet | ForEach-Object { "$_".Trim() } |
        Where-Object { $_ -match '^(COM\d+|/dev/\S+)$' })
    if ($listed.Count -eq 0) {
        Stop-Flash 'look for the board' 'nanoff --listports' 'No serial port is there. Plug the board in; its USB chip may need a driver (CP210x or CH340).'
    }
    if ($listed.Count -eq 1) {
        $answer = Read-Host "The only serial port is $($listed[0]). Use it? (y/n)"
        if ($answer -match '^[yYjJ]') { return $listed[0] }
        Stop-Flash 'choose a port' 'nanoff --listports' 'Name the port: -Port PORT.'
    }
    Write-Host "Serial ports: $($listed -join ', ')"
    Stop-Flash 'choose a port' 'nanoff --listports' 'Name the port: -Port PORT. Unplug the board and look which one goes.'
}

function Read-Password([string]$what, [int]$least) {
    $secure = Read-Host -AsSecureString "Password of $what"
    $plain = (New-Object System.Net.NetworkCredential('', $secure)).Password
    if ($plain.Length -lt $least -or $plain.Length -gt 63) {
        Stop-Flash 'ask for the password' "Read-Host (the password of $what)" "A WPA2 password has $least to 63 characters."
    }
    return $plain
}

# A file that only this user can read, deleted at the end.
function New-SecretFile([string]$text) {
    $file = [System.IO.Path]::GetTempFileName()
    [void]$secrets.Add($file)
    if ([System.IO.Path]::DirectorySeparatorChar -eq '/') { & chmod 600 $file }
    [System.IO.File]::WriteAllText($file, $text)
    return $file
}

function Remove-Secrets {
    foreach ($file in @($secrets)) {
        if (Test-Path $file) {
            $length = (Get-Item $file).Length
            [System.IO.File]::WriteAllBytes($file, (New-Object byte[] $length))
            Remove-Item -Force $file
        }
    }
    $secrets.Clear()
}

# One interface of the network file, as boards/flash.json has it.
function Get-Interface([string]$name, [string]$ssid, [string]$password) {
    $from = $data.network.$name
    $made = [ordered]@{}
    foreach ($property in $from.PSObject.Properties) {
        $value = $property.Value
        if ($value -is [string]) {
            if ($value -eq '{ssid}') { $value = $ssid }
            elseif ($value -eq '{password}') { $value = $password }
            elseif ($value -match '^\{(address|mask|gateway)\}$') {
                if (-not $Address) { continue }
                $value = Expand-Word $value
            }
        }
        $made[$property.Name] = $value
    }
    if ($Address -and $made.Contains('DhcpEnabled')) { $made['DhcpEnabled'] = $false }
    return $made
}

function Send-Network($boardInfo) {
    $file = [ordered]@{ SerialPort = $Port }
    if ($Wifi) {
        $password = ''
        if (-not $WhatIfPreference) { $password = Read-Password "the Wi-Fi '$Wifi'" 8 }
        $file['WirelessClient'] = Get-Interface 'WirelessClient' $Wifi $password
    }
    if ($AccessPoint) {
        $password = ''
        if (-not $WhatIfPreference) { $password = Read-Password "the board's own Wi-Fi '$AccessPoint'" 8 }
        $file['WirelessAccessPoint'] = Get-Interface 'WirelessAccessPoint' $AccessPoint $password
    }
    if ($boardInfo.network -eq 'ethernet' -and $Address) { $file['Ethernet'] = Get-Interface 'Ethernet' '' '' }
    if ($file.Count -eq 1) { return }
    if (-not $WhatIfPreference) { $words['networkFile'] = New-SecretFile ($file | ConvertTo-Json -Depth 4) }
    else { $words['networkFile'] = 'NETWORK.json' }
    Invoke-Step 'network'
    Remove-Secrets
}

# The board's name, and the configuration if there is one.
function Send-Files {
    $words['boardFile'] = 'BOARD'
    $words['filesFile'] = 'FILES.json'
    $words['config'] = ''
    if ($Config) { $words['config'] = (Resolve-Path $Config).Path }
    if (-not $WhatIfPreference) { $words['boardFile'] = New-SecretFile $Board }
    $list = @()
    foreach ($entry in $data.files.Files) {
        $source = Expand-Word $entry.SourceFilePath
        if ($source) {
            $list += [ordered]@{ DestinationFilePath = $entry.DestinationFilePath; SourceFilePath = $source }
        }
    }
    $file = [ordered]@{ SerialPort = $Port; Files = $list }
    if (-not $WhatIfPreference) { $words['filesFile'] = New-SecretFile ($file | ConvertTo-Json -Depth 4) }
    Invoke-Step 'files'
    Remove-Secrets
}

function Show-Log([int]$baud) {
    if (-not $PSCmdlet.ShouldProcess($Port, "show what the board says, at $baud baud")) { return }
    Write-Host ''
    Write-Host "== what the board says ($Port, $baud baud; Ctrl+C ends it)" -ForegroundColor Cyan
    $serial = New-Object System.IO.Ports.SerialPort($Port, $baud)
    $serial.DtrEnable = $false
    $serial.RtsEnable = $false
    $serial.ReadTimeout = 500
    try {
        $serial.Open()
        while ($true) {
            try { Write-Host ($serial.ReadLine().TrimEnd()) } catch [System.TimeoutException] { }
        }
    }
    catch {
        Stop-Flash 'open the log' "serial port $Port" "$($_.Exception.Message) Close other programs that use the port."
    }
    finally {
        $serial.Dispose()
    }
}

$folder = Join-Path $root "boards/$Board"
$boardData = Join-Path $folder 'board.json'
if (-not (Test-Path $boardData)) {
    $known = @(Get-ChildItem (Join-Path $root 'boards/*/board.json') | ForEach-Object { $_.Directory.Name })
    Stop-Flash 'look for the board' "boards/$Board/board.json" "Boards: $($known -join ', ')."
}
$boardInfo = Get-Content -Raw -Encoding UTF8 $boardData | ConvertFrom-Json
if (-not $boardInfo.target) {
    Stop-Flash 'look for the board' "boards/$Board/board.json" 'This one is not flashed: dotnet run --project boards/host'
}
if (-not $Target) { $Target = $boardInfo.target }
if (@($boardInfo.target) + @($boardInfo.otherTargets) -notcontains $Target) {
    Stop-Flash 'choose the firmware' $Target "For ${Board}: $((@($boardInfo.target) + @($boardInfo.otherTargets)) -join ', ')."
}
if ($Address -and -not $Gateway) {
    Stop-Flash 'read the address' "-Address $Address" 'A fixed address needs -Gateway too.'
}
if ($Wifi -and $boardInfo.network -ne 'wifi') {
    Stop-Flash 'read the network' "-Wifi $Wifi" "$Board has a cable."
}
if ($Config -and -not (Test-Path $Config)) {
    Stop-Flash 'read the configuration' $Config 'Is the path right?'
}

[void](Find-Program 'dotnet' 'Install the .NET SDK, 8 or newer.')
Invoke-Step 'tool'
if (-not $Port) {
    if ($WhatIfPreference) { $Port = 'PORT' } else { $Port = Read-Port }
}
$project = Join-Path $root 'firmware/Femto.Firmware/Femto.Firmware.nfproj'
if ($Build) {
    $words['solution'] = Join-Path $root 'nf.sln'
    $words['project'] = $project
    if ($WhatIfPreference) { $words['nuget'] = 'nuget'; $words['msbuild'] = 'msbuild' }
    else {
        $words['nuget'] = Find-Program 'nuget' $data.steps.restore.try
        $words['msbuild'] = Find-MSBuild
    }
    Invoke-Step 'restore'
    Invoke-Step 'build'
}
if (-not $Image) { $Image = Join-Path $root 'firmware/Femto.Firmware/bin/Release/Femto.Firmware.bin' }
if (-not (Test-Path $Image) -and -not $WhatIfPreference) {
    Stop-Flash 'look for the image' $Image 'Build it (-Build), or take the one of a release: -Image FILE.'
}
$words['target'] = $Target
$words['port'] = $Port
$words['image'] = $Image
$words['address'] = $Address
$words['mask'] = $Mask
$words['gateway'] = $Gateway
try {
    if ($EraseAll) { Invoke-Step 'eraseAll' } else { Invoke-Step 'firmware' }
    Invoke-Step 'image'
    Send-Network $boardInfo
    Send-Files
}
finally {
    Remove-Secrets
}
if ($Monitor) { Show-Log $boardInfo.baud }
elseif (-not $WhatIfPreference) { Write-Host ''; Write-Host 'Done. What the board says: -Monitor.' -ForegroundColor Green }
